// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Purse of a ward, watched over by a guardian
contract GuardianPurse {
    address public guardian;
    address public immutable ward;
    uint256 public weeklyLimit;
    uint256 public weekStart;
    uint256 public spentThisWeek;
    bool public frozen;

    event LimitSet(uint256 limit);
    event Frozen(bool frozen);
    event Spent(address indexed to, uint256 amount);
    event GuardianReplaced(address indexed guardian);

    constructor(address ward_, uint256 limit) payable {
        require(ward_ != address(0), "ward");
        guardian = msg.sender;
        ward = ward_;
        weeklyLimit = limit;
        weekStart = block.timestamp;
    }

    receive() external payable {}

    function setLimit(uint256 limit) external {
        address caller = msg.sender;
        require(caller == guardian, "guardian only");
        weeklyLimit = limit;
        emit LimitSet(limit);
    }

    function freeze(bool value) external {
        address caller = msg.sender;
        require(caller == guardian || (caller == ward && value), "not allowed");
        frozen = value;
        emit Frozen(value);
    }

    /// @notice Spends up to the weekly limit; only people, no contracts.
    function spend(address payable to, uint256 amount) external {
        require(msg.sender == tx.origin, "people only");
        require(msg.sender == ward, "ward only");
        require(!frozen, "frozen");
        require(to != address(0), "to");
        if (block.timestamp >= weekStart + 7 days) {
            weekStart = block.timestamp;
            spentThisWeek = 0;
        }
        require(spentThisWeek + amount <= weeklyLimit, "over the limit");
        spentThisWeek += amount;
        emit Spent(to, amount);
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "payment failed");
    }

    function replaceGuardian(address next) external {
        (address caller, address current) = (msg.sender, guardian);
        require(next != address(0) && next != ward, "next");
        require(caller == current, "guardian only");
        guardian = next;
        emit GuardianReplaced(next);
    }

    function leftThisWeek() external view returns (uint256) {
        if (block.timestamp >= weekStart + 7 days) {
            return weeklyLimit;
        }
        return weeklyLimit > spentThisWeek ? weeklyLimit - spentThisWeek : 0;
    }
}
