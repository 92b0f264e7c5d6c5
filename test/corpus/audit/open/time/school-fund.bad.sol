// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

library Calc {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "sum too large");
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "difference below zero");
        return a - b;
    }
}

/// @title Savings for the school years of a child
/// @notice Relatives pay in; on the day of enrolment the guardian takes the first half,
///         and the rest a year later.
contract SchoolFund {
    using Calc for uint256;

    struct Fund {
        address guardian;
        uint256 balance;
        uint256 enrolment;
        bool firstTaken;
    }

    uint256 public constant SECOND_AFTER = 365 days;
    uint256 public fundCount;
    mapping(uint256 => Fund) private funds;

    event Opened(uint256 indexed id, address indexed guardian, uint256 enrolment);
    event PaidIn(uint256 indexed id, address indexed from, uint256 amount);
    event Taken(uint256 indexed id, uint256 amount);

    modifier onlyGuardian(uint256 id) {
        require(funds[id].guardian == msg.sender, "only the guardian");
        _;
    }

    modifier exists(uint256 id) {
        require(funds[id].guardian != address(0), "no such fund");
        _;
    }

    function open(uint256 enrolment) external returns (uint256 id) {
        require(enrolment > block.timestamp.add(30 days), "too near");
        require(enrolment < block.timestamp.add(7300 days), "too far");
        id = ++fundCount;
        funds[id].guardian = msg.sender;
        funds[id].enrolment = enrolment;
        emit Opened(id, msg.sender, enrolment);
    }

    function payIn(uint256 id) external payable exists(id) {
        require(msg.value > 0, "no money");
        require(!funds[id].firstTaken, "payments have begun");
        funds[id].balance = funds[id].balance.add(msg.value);
        emit PaidIn(id, msg.sender, msg.value);
    }

    /// @notice First half, on enrolment.
    function takeFirst(uint256 id) external onlyGuardian(id) {
        Fund storage fund = funds[id];
        require(!fund.firstTaken, "already taken");
        require(block.timestamp == fund.enrolment, "not the time"); // <-- time
        fund.firstTaken = true;
        release(id, fund.balance / 2);
    }

    /// @notice Everything else, a year later.
    function takeSecond(uint256 id) external onlyGuardian(id) {
        Fund storage fund = funds[id];
        require(fund.firstTaken, "first half comes first");
        require(block.timestamp.sub(fund.enrolment) == SECOND_AFTER, "not the time"); // <-- time
        release(id, fund.balance);
    }

    function changeGuardian(uint256 id, address next) external onlyGuardian(id) {
        require(next != address(0), "no guardian");
        funds[id].guardian = next;
    }

    function fundOf(uint256 id) external view returns (address guardian, uint256 balance, uint256 enrolment) {
        Fund storage fund = funds[id];
        return (fund.guardian, fund.balance, fund.enrolment);
    }

    function release(uint256 id, uint256 amount) internal {
        Fund storage fund = funds[id];
        require(amount > 0, "nothing left");
        fund.balance = fund.balance.sub(amount);
        emit Taken(id, amount);
        msg.sender.transfer(amount);
    }
}
