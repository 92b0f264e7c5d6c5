// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
    function balanceOf(address account) external view returns (uint256);
}

library SafeERC20 {
    error SafeERC20Failed(address token);

    function safeTransfer(IERC20 token, address to, uint256 amount) internal {
        _call(address(token), abi.encodeCall(IERC20.transfer, (to, amount)));
    }

    function safeTransferFrom(IERC20 token, address from, uint256 amount) internal {
        _call(address(token), abi.encodeCall(IERC20.transferFrom, (from, address(this), amount)));
    }

    function _call(address token, bytes memory data) private {
        if (token.code.length == 0) revert SafeERC20Failed(token);
        (bool ok, bytes memory ret) = token.call(data);
        if (!ok || (ret.length != 0 && !abi.decode(ret, (bool)))) revert SafeERC20Failed(token);
    }
}

/// @notice Shares that can be approved by a signed message.
abstract contract PermitShares {
    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant PERMIT_TYPE =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    string public constant name = "Reef share";
    string public constant symbol = "REEF";
    uint8 public constant decimals = 24;

    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    mapping(address => uint256) public nonces;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error Expired(uint256 deadline);
    error BadSignature();
    error BadReceiver();

    function DOMAIN_SEPARATOR() public view returns (bytes32) {
        return
            keccak256(
                abi.encode(DOMAIN_TYPE, keccak256(bytes(name)), keccak256("1"), block.chainid, address(this))
            );
    }

    function approve(address spender, uint256 value) external returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        _spend(from, value);
        _move(from, to, value);
        return true;
    }

    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        if (block.timestamp > deadline) revert Expired(deadline);
        if (uint256(s) > HALF_ORDER) revert BadSignature();
        bytes32 inner = keccak256(abi.encode(PERMIT_TYPE, owner, spender, value, nonces[owner]++, deadline));
        address signer = ecrecover(keccak256(abi.encodePacked("\x19\x01", DOMAIN_SEPARATOR(), inner)), v, r, s);
        if (signer == address(0) || signer != owner) revert BadSignature();
        _approve(owner, spender, value);
    }

    function _spend(address owner, uint256 value) internal {
        uint256 allowed = allowance[owner][msg.sender];
        if (allowed != type(uint256).max) allowance[owner][msg.sender] = allowed - value;
    }

    function _mint(address to, uint256 value) internal {
        totalSupply += value;
        unchecked {
            balanceOf[to] += value;
        }
        emit Transfer(address(0), to, value);
    }

    function _burn(address from, uint256 value) internal {
        balanceOf[from] -= value;
        unchecked {
            totalSupply -= value;
        }
        emit Transfer(from, address(0), value);
    }

    function _approve(address owner, address spender, uint256 value) private {
        allowance[owner][spender] = value;
        emit Approval(owner, spender, value);
    }

    function _move(address from, address to, uint256 value) private {
        if (to == address(0) || to == address(this)) revert BadReceiver();
        balanceOf[from] -= value;
        unchecked {
            balanceOf[to] += value;
        }
        emit Transfer(from, to, value);
    }
}

/// @title A vault for one token of 18 decimals; what its owner tips in is spread over a week
contract ReefVault is PermitShares {
    using SafeERC20 for IERC20;

    uint256 private constant OFFSET = 1e6;
    uint256 private constant SPREAD = 7 days;

    IERC20 public immutable asset;
    address public immutable owner;
    uint256 public managed;
    uint256 private _tips;
    uint256 private _tippedAt;
    uint256 private _lock = 1;

    event Deposit(address indexed caller, address indexed receiver, uint256 assets, uint256 shares);
    event Withdraw(address indexed caller, address indexed holder, address to, uint256 assets, uint256 shares);
    event Tipped(uint256 assets);

    error Locked();
    error NotOwner();
    error Nothing();
    error Slipped(uint256 got, uint256 wanted);

    modifier locked() {
        if (_lock != 1) revert Locked();
        _lock = 2;
        _;
        _lock = 1;
    }

    constructor(IERC20 asset_) {
        if (address(asset_).code.length == 0) revert Nothing();
        asset = asset_;
        owner = msg.sender;
    }

    function totalAssets() public view returns (uint256) {
        return managed - _hidden();
    }

    /// @notice Runs several functions for the caller. Not payable, so that no value is counted twice.
    function multicall(bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool ok, bytes memory why) = address(this).delegatecall(calls[i]);
            if (!ok) {
                assembly ("memory-safe") {
                    revert(add(why, 32), mload(why))
                }
            }
        }
    }

    function deposit(uint256 assets, address receiver, uint256 minShares) external locked returns (uint256 shares) {
        if (receiver == address(0) || receiver == address(this)) revert BadReceiver();
        uint256 before = asset.balanceOf(address(this));
        asset.safeTransferFrom(msg.sender, assets);
        uint256 got = asset.balanceOf(address(this)) - before;
        shares = (got * (totalSupply + OFFSET)) / (totalAssets() + 1);
        if (shares == 0) revert Nothing();
        if (shares < minShares) revert Slipped(shares, minShares);
        managed += got;
        _mint(receiver, shares);
        emit Deposit(msg.sender, receiver, got, shares);
    }

    function withdraw(uint256 assets, address to, address holder, uint256 maxShares) external locked {
        uint256 pool = totalAssets() + 1;
        uint256 shares = (assets * (totalSupply + OFFSET) + pool - 1) / pool;
        if (shares > maxShares) revert Slipped(shares, maxShares);
        _leave(assets, shares, to, holder);
    }

    function redeem(uint256 shares, address to, address holder, uint256 minAssets) external locked {
        uint256 assets = (shares * (totalAssets() + 1)) / (totalSupply + OFFSET);
        if (assets < minAssets) revert Slipped(assets, minAssets);
        _leave(assets, shares, to, holder);
    }

    function tip(uint256 assets) external locked {
        if (msg.sender != owner) revert NotOwner();
        if (totalSupply == 0) revert Nothing();
        uint256 before = asset.balanceOf(address(this));
        asset.safeTransferFrom(msg.sender, assets);
        uint256 got = asset.balanceOf(address(this)) - before;
        _tips = _hidden() + got;
        _tippedAt = block.timestamp;
        managed += got;
        emit Tipped(got);
    }

    /// @notice Sends back tokens that came in by mistake; the vault's own ones only where nobody owns them.
    function rescue(IERC20 token, uint256 amount) external locked {
        if (msg.sender != owner) revert NotOwner();
        if (token == asset && amount > asset.balanceOf(address(this)) - managed) revert Nothing();
        token.safeTransfer(owner, amount);
    }

    function _leave(uint256 assets, uint256 shares, address to, address holder) private {
        if (assets == 0 || shares == 0) revert Nothing();
        if (to == address(0)) revert BadReceiver();
        if (msg.sender != holder) _spend(holder, shares);
        _burn(holder, shares);
        managed -= assets;
        emit Withdraw(msg.sender, holder, to, assets, shares);
        asset.safeTransfer(to, assets);
    }

    function _hidden() private view returns (uint256) {
        uint256 age = block.timestamp - _tippedAt;
        return age >= SPREAD ? 0 : (_tips * (SPREAD - age)) / SPREAD;
    }
}
