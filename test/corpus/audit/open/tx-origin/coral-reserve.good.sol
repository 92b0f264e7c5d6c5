// SPDX-License-Identifier: MIT
pragma solidity ^0.8.22;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Reserve that pays for the care of a coral reef
contract CoralReserve is AccessControl {
    using SafeERC20 for IERC20;

    bytes32 public constant RANGER = keccak256("RANGER");
    bytes32 public constant AUDITOR = keccak256("AUDITOR");

    struct Task {
        address diver;
        uint128 pay;
        uint64 createdAt;
        bool accepted;
        bool paid;
    }

    IERC20 public immutable token;
    uint256 public committed;
    Task[] private tasks;

    event TaskCreated(uint256 indexed id, address indexed diver, uint128 pay);
    event TaskAccepted(uint256 indexed id, address indexed ranger, address origin);
    event TaskPaid(uint256 indexed id);

    error MissingRole(bytes32 role);
    error TaskState();

    constructor(IERC20 token_, address ranger, address auditor) {
        require(address(token_) != address(0), "token");
        token = token_;
        _grantRole(DEFAULT_ADMIN_ROLE, msg.sender);
        _grantRole(RANGER, ranger);
        _grantRole(AUDITOR, auditor);
    }

    function createTask(address diver, uint128 pay) external onlyRole(RANGER) returns (uint256 id) {
        require(diver != address(0), "diver");
        require(token.balanceOf(address(this)) >= committed + pay, "not funded");
        committed += pay;
        id = tasks.length;
        tasks.push(Task(diver, pay, uint64(block.timestamp), false, false));
        emit TaskCreated(id, diver, pay);
    }

    function acceptTask(uint256 id) external {
        if (!hasRole(AUDITOR, msg.sender)) revert MissingRole(AUDITOR);
        Task storage t = tasks[id];
        if (t.accepted) revert TaskState();
        t.accepted = true;
        emit TaskAccepted(id, msg.sender, tx.origin);
    }

    function dropTask(uint256 id) external onlyRole(RANGER) {
        Task storage t = tasks[id];
        if (t.accepted || block.timestamp < t.createdAt + 30 days) revert TaskState();
        t.accepted = true;
        t.paid = true;
        committed -= t.pay;
    }

    function payTask(uint256 id) external {
        Task storage t = tasks[id];
        if (!t.accepted || t.paid) revert TaskState();
        t.paid = true;
        committed -= t.pay;
        token.safeTransfer(t.diver, t.pay);
        emit TaskPaid(id);
    }

    function withdrawFree(address to, uint256 amount) external {
        _checkRole(DEFAULT_ADMIN_ROLE, msg.sender);
        require(token.balanceOf(address(this)) >= committed + amount, "committed");
        token.safeTransfer(to, amount);
    }

    function task(uint256 id) external view returns (Task memory) {
        return tasks[id];
    }
}
