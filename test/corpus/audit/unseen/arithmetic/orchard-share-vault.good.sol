// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC20 {
    function totalSupply() external view returns (uint256);
    function balanceOf(address account) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
    function approve(address spender, uint256 amount) external returns (bool);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
library SafeERC20 {
    error SafeERC20Failed(address token);

    function safeTransfer(IERC20 token, address to, uint256 value) internal {
        _callToken(token, abi.encodeWithSelector(token.transfer.selector, to, value));
    }

    function safeTransferFrom(IERC20 token, address from, address to, uint256 value) internal {
        _callToken(token, abi.encodeWithSelector(token.transferFrom.selector, from, to, value));
    }

    function forceApprove(IERC20 token, address spender, uint256 value) internal {
        if (value != 0 && token.allowance(address(this), spender) != 0) {
            _callToken(token, abi.encodeWithSelector(token.approve.selector, spender, 0));
        }
        _callToken(token, abi.encodeWithSelector(token.approve.selector, spender, value));
    }

    function _callToken(IERC20 token, bytes memory data) private {
        if (address(token).code.length == 0) revert SafeERC20Failed(address(token));
        (bool success, bytes memory ret) = address(token).call(data);
        if (!success || (ret.length != 0 && !abi.decode(ret, (bool)))) revert SafeERC20Failed(address(token));
    }
}
abstract contract ReentrancyGuard {
    uint256 private constant NOT_ENTERED = 1;
    uint256 private constant ENTERED = 2;
    uint256 private _status = NOT_ENTERED;

    error ReentrantCall();

    modifier nonReentrant() {
        if (_status == ENTERED) revert ReentrantCall();
        _status = ENTERED;
        _;
        _status = NOT_ENTERED;
    }
}
/// @title OrchardVault
/// @notice Tokenised vault after ERC-4626. Gains are handed in by the farm and vest over a week.
contract OrchardVault is ReentrancyGuard {
    using SafeERC20 for IERC20;

    string public constant name = "Orchard Share";
    string public constant symbol = "oSHARE";
    uint8 public constant decimals = 18;

    uint256 private constant VIRTUAL_SHARES = 1e6;
    uint256 private constant VIRTUAL_ASSETS = 1;
    uint256 public constant VESTING = 7 days;

    IERC20 public immutable asset;
    address public immutable farm;

    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    uint256 private _managed;
    uint256 private _gain;
    uint256 private _gainAt;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    event Deposit(address indexed caller, address indexed owner, uint256 assets, uint256 shares);
    event Withdraw(address indexed caller, address indexed to, address indexed owner, uint256 assets, uint256 shares);
    event GainReported(uint256 amount);

    error ZeroAddress();
    error ZeroShares();
    error NotFarm();

    constructor(IERC20 asset_, address farm_) {
        if (address(asset_) == address(0) || farm_ == address(0)) revert ZeroAddress();
        asset = asset_;
        farm = farm_;
    }

    function unvested() public view returns (uint256) {
        uint256 passed = block.timestamp - _gainAt;
        return passed >= VESTING ? 0 : (_gain * (VESTING - passed)) / VESTING;
    }

    function totalAssets() public view returns (uint256) {
        return _managed - unvested();
    }

    function convertToShares(uint256 assets) public view returns (uint256) {
        return (assets * (totalSupply + VIRTUAL_SHARES)) / (totalAssets() + VIRTUAL_ASSETS);
    }

    function convertToAssets(uint256 shares) public view returns (uint256) {
        return (shares * (totalAssets() + VIRTUAL_ASSETS)) / (totalSupply + VIRTUAL_SHARES);
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        if (to == address(0)) revert ZeroAddress();
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        emit Transfer(msg.sender, to, amount);
        return true;
    }

    function reportGain(uint256 amount) external nonReentrant {
        if (msg.sender != farm) revert NotFarm();
        _gain = unvested() + amount;
        _gainAt = block.timestamp;
        _managed += amount;
        emit GainReported(amount);
        asset.safeTransferFrom(msg.sender, address(this), amount);
    }

    function deposit(uint256 assets, address to) external nonReentrant returns (uint256 shares) {
        if (to == address(0)) revert ZeroAddress();
        shares = convertToShares(assets);
        if (shares == 0) revert ZeroShares();
        _managed += assets;
        totalSupply += shares;
        balanceOf[to] += shares;
        emit Transfer(address(0), to, shares);
        emit Deposit(msg.sender, to, assets, shares);
        asset.safeTransferFrom(msg.sender, address(this), assets);
    }

    function redeem(uint256 shares, address to, address owner) external nonReentrant returns (uint256 assets) {
        if (to == address(0)) revert ZeroAddress();
        assets = convertToAssets(shares);
        _exit(owner, to, assets, shares);
    }

    function withdraw(uint256 assets, address to, address owner) external nonReentrant returns (uint256 shares) {
        if (to == address(0)) revert ZeroAddress();
        uint256 supply = totalSupply + VIRTUAL_SHARES;
        uint256 backing = totalAssets() + VIRTUAL_ASSETS;
        shares = (assets * supply + backing - 1) / backing;
        _exit(owner, to, assets, shares);
    }

    function _exit(address owner, address to, uint256 assets, uint256 shares) private {
        if (msg.sender != owner) allowance[owner][msg.sender] -= shares;
        balanceOf[owner] -= shares;
        totalSupply -= shares;
        _managed -= assets;
        emit Transfer(owner, address(0), shares);
        emit Withdraw(msg.sender, to, owner, assets, shares);
        asset.safeTransfer(to, assets);
    }
}
