// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

interface IMoney {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @title The dairy's savings vault; its earnings are paid in by the dairy and belong to all shares
contract DairyVault {
    uint256 private constant VIRTUAL_SHARES = 1;
    uint256 private constant VIRTUAL_ASSETS = 1;
    uint256 private constant SHARES_TO_EARN = 1e9;

    IMoney public immutable money;
    address public immutable dairy;
    uint256 public totalShares;
    uint256 public totalMoney;
    mapping(address => uint256) public sharesOf;

    event Deposited(address indexed who, uint256 amount, uint256 shares);
    event Withdrawn(address indexed who, uint256 amount, uint256 shares);
    event Earned(uint256 amount);

    error ZeroAmount();
    error NotDairy();
    error TooFewShares(uint256 have, uint256 need);
    error MoneyFailed();

    constructor(IMoney money_) {
        if (address(money_).code.length == 0) revert MoneyFailed();
        money = money_;
        dairy = msg.sender;
    }

    function previewDeposit(uint256 amount) public view returns (uint256) {
        return _toShares(amount);
    }

    function previewRedeem(uint256 shares) public view returns (uint256) {
        return (shares * (totalMoney + VIRTUAL_ASSETS)) / (totalShares + VIRTUAL_SHARES);
    }

    function previewWithdraw(uint256 amount) public view returns (uint256) {
       return _toShares(amount); // <-- arithmetic
    }

    function deposit(uint256 amount) external returns (uint256 shares) {
        shares = previewDeposit(amount);
        if (shares == 0) revert ZeroAmount();
        totalMoney += amount;
        totalShares += shares;
        sharesOf[msg.sender] += shares;
        emit Deposited(msg.sender, amount, shares);
        _take(msg.sender, amount);
    }

    /// @notice Pays out exactly an amount.
    function withdraw(uint256 amount) external returns (uint256 shares) {
        if (amount == 0) revert ZeroAmount();
        shares = previewWithdraw(amount);
        _leave(amount, shares);
    }

    /// @notice Cashes exactly a number of shares.
    function redeem(uint256 shares) external returns (uint256 amount) {
        amount = previewRedeem(shares);
        if (amount == 0) revert ZeroAmount();
        _leave(amount, shares);
    }

    function earn(uint256 amount) external {
        if (msg.sender != dairy) revert NotDairy();
        if (totalShares < SHARES_TO_EARN) revert TooFewShares(totalShares, SHARES_TO_EARN);
        totalMoney += amount;
        emit Earned(amount);
        _take(msg.sender, amount);
    }

    function _toShares(uint256 amount) private view returns (uint256) {
        return (amount * (totalShares + VIRTUAL_SHARES)) / (totalMoney + VIRTUAL_ASSETS);
    }

    function _leave(uint256 amount, uint256 shares) private {
        uint256 have = sharesOf[msg.sender];
        if (have < shares) revert TooFewShares(have, shares);
        sharesOf[msg.sender] = have - shares;
        totalShares -= shares;
        totalMoney -= amount;
        emit Withdrawn(msg.sender, amount, shares);
        if (!money.transfer(msg.sender, amount)) revert MoneyFailed();
    }

    function _take(address from, uint256 amount) private {
        if (!money.transferFrom(from, address(this), amount)) revert MoneyFailed();
    }
}
