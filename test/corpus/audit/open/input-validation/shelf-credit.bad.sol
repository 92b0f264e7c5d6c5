// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

library SafeMove {
    error MoveFailed(IERC20 token);

    function push(IERC20 token, address to, uint256 amount) internal {
        _call(token, abi.encodeCall(IERC20.transfer, (to, amount)));
    }

    function pull(IERC20 token, uint256 amount) internal {
        _call(token, abi.encodeCall(IERC20.transferFrom, (msg.sender, address(this), amount)));
    }

    function _call(IERC20 token, bytes memory data) private {
        (bool ok, bytes memory back) = address(token).call(data);
        bool fine = back.length == 0 ? address(token).code.length > 0 : abi.decode(back, (bool));
        if (!ok || !fine) revert MoveFailed(token);
    }
}

/// @title Credit of the warehouse to its customers, against warehouse receipts of fixed value
contract ShelfCredit {
    using SafeMove for IERC20;

    struct Receipt {
        uint128 valueEach;
        bool taken;
    }

    uint256 private constant BPS = 10_000;
    uint256 public constant LENDABLE = 6_000;

    IERC20 public immutable money;
    address public immutable warehouse;
    mapping(IERC20 => Receipt) public receipts;
    mapping(address => mapping(IERC20 => uint256)) public pledged;
    mapping(address => uint256) public debt;
    uint256 public lent;
    uint256 public funds;

    event ReceiptSet(IERC20 indexed receipt, uint128 valueEach, bool taken);
    event Funded(uint256 amount);
    event FundsTaken(uint256 amount);
    event Pledged(address indexed who, IERC20 indexed receipt, uint256 count);
    event Released(address indexed who, IERC20 indexed receipt, uint256 count);
    event Borrowed(address indexed who, uint256 amount);
    event Repaid(address indexed who, uint256 amount);

    error OnlyWarehouse();
    error NotTaken(IERC20 receipt);
    error Uncovered(uint256 debt, uint256 power);
    error BadAmount();

    constructor(IERC20 money_) {
        if (address(money_) == address(0)) revert BadAmount();
        money = money_;
        warehouse = msg.sender;
    }

    modifier onlyWarehouse() {
        if (msg.sender != warehouse) revert OnlyWarehouse();
        _;
    }

    function addReceipt(IERC20 receipt, uint128 valueEach) external onlyWarehouse {
        if (receipts[receipt].taken || valueEach == 0 || receipt == money) revert NotTaken(receipt);
        receipts[receipt] = Receipt(valueEach, true);
        emit ReceiptSet(receipt, valueEach, true);
    }

    function fund(uint256 amount) external onlyWarehouse {
        funds += amount;
        emit Funded(amount);
        money.pull(amount);
    }

    function takeFunds(uint256 amount) external onlyWarehouse {
        funds -= amount;
        emit FundsTaken(amount);
        money.push(warehouse, amount);
    }

    function pledge(IERC20 receipt, uint256 count) external {
        if (!receipts[receipt].taken) revert NotTaken(receipt);
        pledged[msg.sender][receipt] += count;
        emit Pledged(msg.sender, receipt, count);
        receipt.pull(count);
    }

    /// @param all the receipts that the caller wants to be counted
    function release(IERC20 receipt, uint256 count, IERC20[] calldata all) external {
        pledged[msg.sender][receipt] -= count;
        _requireCover(msg.sender, all);
        emit Released(msg.sender, receipt, count);
        receipt.push(msg.sender, count);
    }

    /// @param all the receipts that the caller wants to be counted
    function borrow(uint256 amount, IERC20[] calldata all) external {
        if (amount == 0 || amount > funds) revert BadAmount();
        debt[msg.sender] += amount;
        lent += amount;
        funds -= amount;
        _requireCover(msg.sender, all);
        emit Borrowed(msg.sender, amount);
        money.push(msg.sender, amount);
    }

    function repay(uint256 amount) external {
        debt[msg.sender] -= amount;
        lent -= amount;
        funds += amount;
        emit Repaid(msg.sender, amount);
        money.pull(amount);
    }

    function _requireCover(address who, IERC20[] calldata all) private view {
        uint256 sum;
        for (uint256 i = 0; i < all.length; i++) {
           sum += pledged[who][all[i]] * receipts[all[i]].valueEach; // <-- input-validation
        }
        uint256 power = (sum * LENDABLE) / BPS;
        if (debt[who] > power) revert Uncovered(debt[who], power);
    }
}
