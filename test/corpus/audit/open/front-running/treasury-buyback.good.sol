// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

interface IPoolRouter {
    struct ExactInputSingleParams {
        address tokenIn;
        address tokenOut;
        uint24 fee;
        address recipient;
        uint256 deadline;
        uint256 amountIn;
        uint256 amountOutMinimum;
        uint160 sqrtPriceLimitX96;
    }

    function exactInputSingle(ExactInputSingleParams calldata params) external payable returns (uint256 amountOut);
}

/// @title Buys the project's token back in instalments and burns it
contract TreasuryBuyback {
    using SafeERC20 for IERC20;

    struct Plan {
        uint256 perInstalment;
        uint256 interval;
        uint256 lastRun;
        uint24 poolFee;
    }

    address private constant BURN = 0x000000000000000000000000000000000000dEaD;

    IPoolRouter public immutable router;
    IERC20 public immutable stable;
    IERC20 public immutable token;
    address public immutable council;
    Plan public plan;
    uint256 public spent;
    uint256 public burned;

    event PlanSet(uint256 perInstalment, uint256 interval, uint24 poolFee);
    event BoughtBack(uint256 paid, uint256 received);

    error OnlyCouncil();
    error TooEarly();
    error BadPlan();

    modifier onlyCouncil() {
        if (msg.sender != council) revert OnlyCouncil();
        _;
    }

    constructor(IPoolRouter router_, IERC20 stable_, IERC20 token_) {
        if (address(router_) == address(0) || address(stable_) == address(token_)) revert BadPlan();
        router = router_;
        stable = stable_;
        token = token_;
        council = msg.sender;
    }

    function setPlan(uint256 perInstalment, uint256 interval, uint24 poolFee) external onlyCouncil {
        if (perInstalment == 0 || interval < 1 days || interval > 90 days) revert BadPlan();
        plan.perInstalment = perInstalment;
        plan.interval = interval;
        plan.poolFee = poolFee;
        emit PlanSet(perInstalment, interval, poolFee);
    }

    /// @notice Runs the instalment that is due; the council names the least it wants and until when.
    function run(uint256 leastTokens, uint256 validUntil) external onlyCouncil {
        if (leastTokens == 0) revert BadPlan();
        _checkAndBook();
        _buy(plan.perInstalment, leastTokens, validUntil);
    }

    function takeBack(uint256 amount) external onlyCouncil {
        stable.safeTransfer(council, amount);
    }

    function _checkAndBook() private {
        if (plan.perInstalment == 0) revert BadPlan();
        if (block.timestamp < plan.lastRun + plan.interval) revert TooEarly();
        plan.lastRun = block.timestamp;
        spent += plan.perInstalment;
    }

    function _buy(uint256 amount, uint256 leastTokens, uint256 validUntil) private {
        stable.forceApprove(address(router), amount);
        IPoolRouter.ExactInputSingleParams memory params = IPoolRouter.ExactInputSingleParams({
            tokenIn: address(stable),
            tokenOut: address(token),
            fee: plan.poolFee,
            recipient: BURN,
            deadline: validUntil,
            amountIn: amount,
            amountOutMinimum: leastTokens,
            sqrtPriceLimitX96: 0
        });
        uint256 received = router.exactInputSingle(params);
        emit BoughtBack(amount, received);
    }
}
