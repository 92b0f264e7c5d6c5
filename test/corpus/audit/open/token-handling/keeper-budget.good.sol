// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";

/// @title KeeperBudget
/// @notice Holds fee tokens of a protocol and lets strategies draw a weekly budget. A strategy
///         pulls as needed; usually some of the budget is left when the week is over.
contract KeeperBudget is AccessControl {
    using SafeERC20 for IERC20;

    bytes32 public constant PLANNER = keccak256("PLANNER");

    struct Plan {
        uint256 weekly;
        uint64 renewedAt;
        bool active;
    }

    uint64 public constant WEEK = 7 days;

    mapping(address => mapping(address => Plan)) public plans;

    event Planned(address indexed strategy, address indexed token, uint256 weekly);
    event Renewed(address indexed strategy, address indexed token, uint256 allowance);
    event Stopped(address indexed strategy, address indexed token);
    event Returned(address indexed token, address indexed to, uint256 amount);

    error NotPlanned();
    error WeekNotOver();

    constructor(address admin) {
        require(admin != address(0), "no admin");
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    function plan(address strategy, IERC20 token, uint256 weekly) external onlyRole(PLANNER) {
        require(strategy.code.length > 0 && address(token).code.length > 0, "no contract");
        require(weekly > 0, "no budget");
        Plan storage p = plans[strategy][address(token)];
        p.weekly = weekly;
        p.active = true;
        emit Planned(strategy, address(token), weekly);
    }

    /// @notice Anybody may renew a strategy's budget once a week.
    function renew(address strategy, IERC20 token) external {
        Plan storage p = plans[strategy][address(token)];
        if (!p.active) revert NotPlanned();
        if (block.timestamp < p.renewedAt + WEEK) revert WeekNotOver();
        p.renewedAt = uint64(block.timestamp);
        _setBudget(token, strategy, p.weekly);
        emit Renewed(strategy, address(token), p.weekly);
    }

    function stop(address strategy, IERC20 token) external onlyRole(PLANNER) {
        plans[strategy][address(token)].active = false;
        emit Stopped(strategy, address(token));
        token.forceApprove(strategy, 0);
    }

    /// @notice Gives tokens back that are not needed for budgets any more.
    function giveBack(IERC20 token, address to, uint256 amount) external onlyRole(DEFAULT_ADMIN_ROLE) {
        require(to != address(0), "no receiver");
        emit Returned(address(token), to, amount);
        token.safeTransfer(to, amount);
    }

    function leftOf(address strategy, IERC20 token) external view returns (uint256) {
        return token.allowance(address(this), strategy);
    }

    function _setBudget(IERC20 token, address strategy, uint256 amount) private {
        token.forceApprove(strategy, amount);
    }
}
