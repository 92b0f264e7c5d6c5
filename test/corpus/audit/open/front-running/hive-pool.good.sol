// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @title Pool of the beekeepers' savings, into which each week's honey money is paid
contract HivePool {
    uint256 private constant OFFSET = 1e6;
   uint256 public constant SPREAD = 7 days;

    IERC20 public immutable token;
    address public immutable beekeeper;

    string public constant name = "Hive share";
    uint256 public totalSupply;
    uint256 public managed;
   uint256 public lastHoney;
   uint256 public lastHoneyAt;
    mapping(address => uint256) public balanceOf;

    event Transfer(address indexed from, address indexed to, uint256 shares);
    event Deposit(address indexed who, uint256 assets, uint256 shares);
    event Withdraw(address indexed who, uint256 assets, uint256 shares);
    event Honey(uint256 assets);

    error OnlyBeekeeper();
    error Nothing();
    error TokenFailed();

    constructor(IERC20 token_, address beekeeper_) {
        if (address(token_).code.length == 0 || beekeeper_ == address(0)) revert TokenFailed();
        token = token_;
        beekeeper = beekeeper_;
    }

    function totalAssets() public view returns (uint256) {
       uint256 age = block.timestamp - lastHoneyAt;
       uint256 hidden = age >= SPREAD ? 0 : (lastHoney * (SPREAD - age)) / SPREAD;
       return managed - hidden;
    }

    function toShares(uint256 assets) public view returns (uint256) {
        return (assets * (totalSupply + OFFSET)) / (totalAssets() + 1);
    }

    function toAssets(uint256 shares) public view returns (uint256) {
        return (shares * (totalAssets() + 1)) / (totalSupply + OFFSET);
    }

    function transfer(address to, uint256 shares) external returns (bool) {
        if (to == address(0)) revert Nothing();
        balanceOf[msg.sender] -= shares;
        balanceOf[to] += shares;
        emit Transfer(msg.sender, to, shares);
        return true;
    }

    function deposit(uint256 assets) external returns (uint256 shares) {
        shares = toShares(assets);
        if (shares == 0) revert Nothing();
        managed += assets;
        totalSupply += shares;
        balanceOf[msg.sender] += shares;
        emit Transfer(address(0), msg.sender, shares);
        emit Deposit(msg.sender, assets, shares);
        _collect(assets);
    }

    function withdraw(uint256 shares) external returns (uint256 assets) {
        assets = toAssets(shares);
        if (assets == 0) revert Nothing();
        balanceOf[msg.sender] -= shares;
        totalSupply -= shares;
        managed -= assets;
        emit Transfer(msg.sender, address(0), shares);
        emit Withdraw(msg.sender, assets, shares);
        if (!token.transfer(msg.sender, assets)) revert TokenFailed();
    }

    /// @notice Pays in the honey money of a week.
    function addHoney(uint256 assets) external {
        if (msg.sender != beekeeper) revert OnlyBeekeeper();
        if (assets == 0 || totalSupply == 0) revert Nothing();
       lastHoney = assets + (managed - totalAssets());
       lastHoneyAt = block.timestamp;
       managed += assets;
        emit Honey(assets);
        _collect(assets);
    }

    function _collect(uint256 assets) private {
        if (!token.transferFrom(msg.sender, address(this), assets)) revert TokenFailed();
    }
}
