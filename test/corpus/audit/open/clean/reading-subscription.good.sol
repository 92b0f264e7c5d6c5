// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Subscriptions to magazines, collected month by month
/// @notice A reader allows at most a price and a number of periods; the press
///         can never take more than that.
contract ReadingSubscription {
    using SafeERC20 for IERC20;

    struct Plan {
        address press;
        uint96 price;
        uint32 period;
        bool open;
        IERC20 token;
    }

    struct Subscription {
        uint96 priceLimit;
        uint40 nextDue;
        uint16 periodsLeft;
        uint40 paidUntil;
    }

    uint256 public constant MAX_BATCH = 50;
    uint32 public constant SHORTEST_PERIOD = 1 days;
    uint16 public constant MAX_PERIODS = 120;

    mapping(IERC20 => bool) public accepted;
    mapping(uint256 => Plan) public plans;
    mapping(uint256 => mapping(address => Subscription)) private _subscriptions;
    mapping(IERC20 => mapping(address => uint256)) public earnings;
    uint256 public planCount;
    address public keeper;
    address public pendingKeeper;
    uint256 private _lock;

    event TokenAccepted(address indexed token, bool accepted);
    event PlanOpened(uint256 indexed plan, address indexed press, uint96 price, uint32 period);
    event PlanChanged(uint256 indexed plan, uint96 price, bool open);
    event Subscribed(uint256 indexed plan, address indexed reader, uint16 periods);
    event Stopped(uint256 indexed plan, address indexed reader);
    event Charged(uint256 indexed plan, address indexed reader, uint256 amount, uint40 paidUntil);
    event ChargeSkipped(uint256 indexed plan, address indexed reader);
    event EarningsTaken(address indexed press, address indexed token, uint256 amount);
    event KeeperChanged(address indexed keeper);

    error Forbidden();
    error BadPlan();
    error NotDue();
    error Locked();

    constructor() {
        keeper = msg.sender;
        emit KeeperChanged(msg.sender);
    }

    modifier lock() {
        if (_lock == 1) revert Locked();
        _lock = 1;
        _;
        _lock = 0;
    }

    // ----------------------------------------------------------------- keeper

    function acceptToken(IERC20 token, bool value) external {
        if (msg.sender != keeper) revert Forbidden();
        require(address(token).code.length > 0, "token");
        accepted[token] = value;
        emit TokenAccepted(address(token), value);
    }

    function offerKeeper(address next) external {
        if (msg.sender != keeper) revert Forbidden();
        pendingKeeper = next;
    }

    function takeKeeper() external {
        if (msg.sender != pendingKeeper) revert Forbidden();
        (keeper, pendingKeeper) = (msg.sender, address(0));
        emit KeeperChanged(msg.sender);
    }

    // ------------------------------------------------------------------ press

    function openPlan(IERC20 token, uint96 price, uint32 period) external returns (uint256 plan) {
        if (!accepted[token] || price == 0 || period < SHORTEST_PERIOD) revert BadPlan();
        plan = ++planCount;
        plans[plan] = Plan(msg.sender, price, period, true, token);
        emit PlanOpened(plan, msg.sender, price, period);
    }

    /// @notice A higher price does not touch readers who have set a lower limit.
    function changePlan(uint256 plan, uint96 price, bool open) external {
        Plan storage p = plans[plan];
        if (msg.sender != p.press) revert Forbidden();
        if (price == 0) revert BadPlan();
        p.price = price;
        p.open = open;
        emit PlanChanged(plan, price, open);
    }

    function takeEarnings(IERC20 token, address to) external lock {
        require(to != address(0), "to");
        uint256 amount = earnings[token][msg.sender];
        earnings[token][msg.sender] = 0;
        emit EarningsTaken(msg.sender, address(token), amount);
        token.safeTransfer(to, amount);
    }

    // ---------------------------------------------------------------- readers

    function subscribe(uint256 plan, uint96 priceLimit, uint16 periods) external lock {
        Plan storage p = plans[plan];
        if (!p.open || p.price > priceLimit) revert BadPlan();
        require(periods > 0 && periods <= MAX_PERIODS, "periods");
        Subscription storage s = _subscriptions[plan][msg.sender];
        s.priceLimit = priceLimit;
        s.periodsLeft = periods;
        if (s.paidUntil < block.timestamp) s.nextDue = uint40(block.timestamp);
        emit Subscribed(plan, msg.sender, periods);
        if (s.nextDue <= block.timestamp) {
            _charge(plan, msg.sender);
        }
    }

    function stop(uint256 plan) external {
        _subscriptions[plan][msg.sender].periodsLeft = 0;
        emit Stopped(plan, msg.sender);
    }

    // ---------------------------------------------------------------- charges

    function charge(uint256 plan, address reader) external lock {
        if (!isDue(plan, reader)) revert NotDue();
        _charge(plan, reader);
    }

    /// @notice Readers who cannot pay are skipped, they do not stop the batch.
    function chargeMany(uint256 plan, address[] calldata readers) external lock {
        require(readers.length <= MAX_BATCH, "batch");
        IERC20 token = plans[plan].token;
        uint256 price = plans[plan].price;
        for (uint256 i = 0; i < readers.length; ++i) {
            bool able = isDue(plan, readers[i])
                && token.allowance(readers[i], address(this)) >= price
                && token.balanceOf(readers[i]) >= price;
            if (able) _charge(plan, readers[i]);
            else emit ChargeSkipped(plan, readers[i]);
        }
    }

    function isDue(uint256 plan, address reader) public view returns (bool) {
        Subscription storage s = _subscriptions[plan][reader];
        Plan storage p = plans[plan];
        return p.open && s.periodsLeft > 0 && s.nextDue <= block.timestamp && p.price <= s.priceLimit;
    }

    function isActive(uint256 plan, address reader) external view returns (bool) {
        return _subscriptions[plan][reader].paidUntil >= block.timestamp;
    }

    function subscriptionOf(uint256 plan, address reader) external view returns (Subscription memory) {
        return _subscriptions[plan][reader];
    }

    /// @dev Missed periods are not charged afterwards: the period starts now.
    function _charge(uint256 plan, address reader) private {
        Plan memory p = plans[plan];
        Subscription storage s = _subscriptions[plan][reader];
        s.periodsLeft -= 1;
        s.paidUntil = uint40(block.timestamp) + p.period;
        s.nextDue = s.paidUntil;

        uint256 before = p.token.balanceOf(address(this));
        p.token.safeTransferFrom(reader, address(this), p.price); // reader has subscribed to this plan
        uint256 received = p.token.balanceOf(address(this)) - before;
        earnings[p.token][p.press] += received;
        emit Charged(plan, reader, received, s.paidUntil);
    }
}
