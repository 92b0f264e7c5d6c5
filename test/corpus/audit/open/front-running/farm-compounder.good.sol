// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

interface IFarm {
    function stake(uint256 amount) external;
    function unstake(uint256 amount) external;
    function claim() external;
}

interface IRouter {
    function getAmountsOut(uint256 amountIn, address[] calldata path) external view returns (uint256[] memory);
    function swapExactTokensForTokens(
        uint256 amountIn,
        uint256 amountOutMin,
        address[] calldata path,
        address to,
        uint256 deadline
    ) external returns (uint256[] memory amounts);
}

/// @title Swapping part of the strategies
abstract contract Swapper {
    using SafeERC20 for IERC20;

    uint256 internal constant BPS = 10_000;
    uint256 internal constant TOLERANCE_BPS = 50;
    IRouter public immutable router;

    event Swapped(address indexed tokenIn, uint256 amountIn, uint256 amountOut);

    constructor(IRouter router_) {
        require(address(router_) != address(0), "no router");
        router = router_;
    }

    function _swap(IERC20 tokenIn, IERC20 tokenOut, uint256 amountIn, uint256 quoted, uint256 until) internal returns (uint256 out) {
        address[] memory path = new address[](2);
        path[0] = address(tokenIn);
        path[1] = address(tokenOut);
        require(quoted > 0 && until >= block.timestamp, "no usable quote");
        uint256 minOut = (quoted * (BPS - TOLERANCE_BPS)) / BPS;
        tokenIn.forceApprove(address(router), amountIn);
        uint256[] memory amounts = router.swapExactTokensForTokens(amountIn, minOut, path, address(this), until);
        out = amounts[1];
        emit Swapped(address(tokenIn), amountIn, out);
    }
}

/// @title Single owner strategy that reinvests the rewards of a farm
contract FarmCompounder is Swapper {
    using SafeERC20 for IERC20;

    IFarm public immutable farm;
    IERC20 public immutable staked;
    IERC20 public immutable reward;
    address public immutable owner;
    address public operator;

    event Compounded(uint256 rewards, uint256 added);
    event OperatorSet(address indexed operator);

    modifier onlyOwner() {
        require(msg.sender == owner, "only the owner");
        _;
    }

    constructor(IRouter router_, IFarm farm_, IERC20 staked_, IERC20 reward_) Swapper(router_) {
        require(address(farm_) != address(0) && address(staked_) != address(reward_), "bad setup");
        farm = farm_;
        staked = staked_;
        reward = reward_;
        owner = msg.sender;
        operator = msg.sender;
    }

    function setOperator(address next) external onlyOwner {
        require(next != address(0), "no operator");
        operator = next;
        emit OperatorSet(next);
    }

    function deposit(uint256 amount) external onlyOwner {
        staked.safeTransferFrom(msg.sender, address(this), amount);
        _stake(amount);
    }

    function withdraw(uint256 amount) external onlyOwner {
        farm.unstake(amount);
        staked.safeTransfer(owner, amount);
    }

    /// @param quoted what the operator was quoted off chain for the pending rewards
    function compound(uint256 quoted, uint256 until) external {
        require(msg.sender == operator, "only the operator");
        farm.claim();
        uint256 rewards = reward.balanceOf(address(this));
        require(rewards > 0, "no rewards");
        uint256 added = _swap(reward, staked, rewards, quoted, until);
        emit Compounded(rewards, added);
        _stake(added);
    }

    function _stake(uint256 amount) private {
        staked.forceApprove(address(farm), amount);
        farm.stake(amount);
    }
}
