// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title RangerPayroll
/// @notice The forest office pays its rangers once a month. Rangers are hired by the office and
///         name the account they are paid on.
contract RangerPayroll {
    struct Ranger {
        address account;
        uint128 wage;
        bool employed;
    }

    uint256 public constant MAX_RANGERS = 60;
    uint256 public constant MONTH = 30 days;
    uint256 private constant PAY_GAS = 50_000;

    address public immutable office;
    uint256[] private roster;
    mapping(uint256 => Ranger) public rangers;
    mapping(uint256 => uint256) public unpaid;
    uint256 public budget;
    uint256 public lastRun;
    bool private running;

    event Hired(uint256 indexed number, address indexed account, uint128 wage);
    event AccountChanged(uint256 indexed number, address indexed account);
    event BudgetAdded(uint256 amount);
    event WagePaid(uint256 indexed number, uint256 amount);
    event WageKept(uint256 indexed number, uint256 amount);

    modifier onlyOffice() {
        require(msg.sender == office, "office only");
        _;
    }

    modifier notRunning() {
        require(!running, "payroll is running");
        running = true;
        _;
        running = false;
    }

    constructor() {
        office = msg.sender;
    }

    function addBudget() external payable onlyOffice notRunning {
        budget += msg.value;
        emit BudgetAdded(msg.value);
    }

    function hire(uint256 number, address account, uint128 wage) external onlyOffice notRunning {
        require(account != address(0) && wage > 0, "bad contract");
        require(!rangers[number].employed && roster.length < MAX_RANGERS, "cannot hire");
        rangers[number] = Ranger(account, wage, true);
        roster.push(number);
        emit Hired(number, account, wage);
    }

    function changeAccount(uint256 number, address account) external notRunning {
        require(msg.sender == rangers[number].account && account != address(0), "not your number");
        rangers[number].account = account;
        emit AccountChanged(number, account);
    }

    /// @notice Pays all rangers, at most once a month.
    function runPayroll() external onlyOffice notRunning {
        require(block.timestamp >= lastRun + MONTH, "month is not over");
        lastRun = block.timestamp;
        uint256 n = roster.length;
        for (uint256 i = 0; i < n; i++) {
            _payRanger(roster[i]);
        }
    }

    function drawUnpaid(uint256 number) external notRunning {
        require(msg.sender == rangers[number].account, "not your number");
        uint256 amount = unpaid[number];
        require(amount > 0, "nothing unpaid");
        unpaid[number] = 0;
        emit WagePaid(number, amount);
        (bool ok, ) = payable(msg.sender).call{value: amount}("");
        require(ok, "payment failed");
    }

    function _payRanger(uint256 number) private {
        Ranger storage r = rangers[number];
        uint256 wage = r.wage;
        budget -= wage;
        (bool ok, ) = payable(r.account).call{value: wage, gas: PAY_GAS}("");
        if (!ok) {
            unpaid[number] += wage;
            emit WageKept(number, wage);
            return;
        }
        emit WagePaid(number, wage);
    }
}
