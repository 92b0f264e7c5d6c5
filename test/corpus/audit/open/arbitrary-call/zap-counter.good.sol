// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
    function approve(address spender, uint256 amount) external returns (bool);
    function balanceOf(address account) external view returns (uint256);
}

interface IVault {
    function asset() external view returns (address);
    function deposit(uint256 assets, address receiver) external returns (uint256 shares);
}

library SafeToken {
    error TokenCall();

    function safeTransfer(IERC20 t, address to, uint256 v) internal {
        _do(t, abi.encodeWithSelector(t.transfer.selector, to, v));
    }

    function safeTransferFrom(IERC20 t, address from, address to, uint256 v) internal {
        _do(t, abi.encodeWithSelector(t.transferFrom.selector, from, to, v));
    }

    function safeApprove(IERC20 t, address spender, uint256 v) internal {
        _do(t, abi.encodeWithSelector(t.approve.selector, spender, v));
    }

    function _do(IERC20 t, bytes memory data) private {
        if (address(t).code.length == 0) revert TokenCall();
        (bool ok, bytes memory ret) = address(t).call(data);
        if (!ok || (ret.length != 0 && !abi.decode(ret, (bool)))) revert TokenCall();
    }
}

/// @title One-step entry into the vault from any token
/// @notice Users approve this contract once and zap as often as they like.
contract ZapCounter {
    using SafeToken for IERC20;

    IVault public immutable vault;
    IERC20 public immutable asset;
    address public immutable owner;
    mapping(address => bool) public routers;
    uint256 private _entered = 1;

    event RouterSet(address indexed router, bool allowed);
    event Zapped(address indexed user, address indexed tokenIn, uint256 amountIn, uint256 shares);

    error NotOwner();
    error BadRouter(address router);
    error TooLittle(uint256 got, uint256 wanted);
    error RouterFailed();
    error Entered();

    modifier once() {
        if (_entered == 2) revert Entered();
        _entered = 2;
        _;
        _entered = 1;
    }

    constructor(IVault vault_) {
        vault = vault_;
        asset = IERC20(vault_.asset());
        owner = msg.sender;
    }

    function setRouter(address router, bool allowed) external {
        if (msg.sender != owner) revert NotOwner();
        if (router == address(0) || router == address(vault) || router == address(asset)) revert BadRouter(router);
        routers[router] = allowed;
        emit RouterSet(router, allowed);
    }

    function enter(uint256 amount) external once returns (uint256 shares) {
        asset.safeTransferFrom(msg.sender, address(this), amount);
        shares = _intoVault(amount);
        emit Zapped(msg.sender, address(asset), amount, shares);
    }

    function zap(
        IERC20 tokenIn,
        uint256 amountIn,
        address router,
        bytes calldata route,
        uint256 minAssets
    ) external once returns (uint256 shares) {
       if (!routers[router]) revert BadRouter(router);
        if (address(tokenIn) == address(asset)) revert RouterFailed();
        uint256 inBefore = tokenIn.balanceOf(address(this));
        uint256 outBefore = asset.balanceOf(address(this));
        tokenIn.safeTransferFrom(msg.sender, address(this), amountIn);
        tokenIn.safeApprove(router, amountIn);
       (bool ok, ) = router.call(route);
        if (!ok) revert RouterFailed();
        tokenIn.safeApprove(router, 0);

        uint256 got = asset.balanceOf(address(this)) - outBefore;
        if (got < minAssets) revert TooLittle(got, minAssets);
        uint256 rest = tokenIn.balanceOf(address(this)) - inBefore;
        if (rest > 0) tokenIn.safeTransfer(msg.sender, rest);
        shares = _intoVault(got);
        emit Zapped(msg.sender, address(tokenIn), amountIn, shares);
    }

    function _intoVault(uint256 amount) private returns (uint256 shares) {
        asset.safeApprove(address(vault), amount);
        shares = vault.deposit(amount, msg.sender);
    }
}
