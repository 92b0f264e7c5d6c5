// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

interface IPair {
    function token0() external view returns (address);

    function token1() external view returns (address);

    function trade(address to, bool zeroForOne, uint256 amountIn, bytes calldata data) external returns (uint256 out);
}

interface IPairFactory {
    function pairFor(address tokenA, address tokenB) external view returns (address);
}

/// @title Front door of a pair exchange that pays the pairs when they call back
contract PairTrader {
    using SafeERC20 for IERC20;

    struct Payment {
        address payer;
        address tokenIn;
        address tokenOut;
    }

    IPairFactory public immutable factory;

    event Traded(address indexed user, address indexed tokenIn, address indexed tokenOut, uint256 amountIn, uint256 out);

    error Late();
    error NoPair();
    error TooLittle(uint256 out);
    error WrongCaller();
    error ZeroAmount();

    modifier before(uint256 deadline) {
        if (block.timestamp > deadline) revert Late();
        _;
    }

    constructor(IPairFactory factory_) {
        if (address(factory_).code.length == 0) revert NoPair();
        factory = factory_;
    }

    function sell(
        address tokenIn,
        address tokenOut,
        uint256 amountIn,
        uint256 minOut,
        uint256 deadline
    ) external before(deadline) returns (uint256 out) {
        if (amountIn == 0 || minOut == 0) revert ZeroAmount();
        address pair = _pair(tokenIn, tokenOut);
        bytes memory data = abi.encode(Payment(msg.sender, tokenIn, tokenOut));
        uint256 held = IERC20(tokenOut).balanceOf(msg.sender);
        uint256 told = IPair(pair).trade(msg.sender, IPair(pair).token0() == tokenIn, amountIn, data);
        out = IERC20(tokenOut).balanceOf(msg.sender) - held;
        if (out < minOut || told < minOut) revert TooLittle(out);
        emit Traded(msg.sender, tokenIn, tokenOut, amountIn, out);
    }

    /// @notice Called by a pair in the middle of a trade, it wants to be paid.
    function pairCallback(uint256 owed0, uint256 owed1, bytes calldata data) external {
        Payment memory payment = abi.decode(data, (Payment));
        if (msg.sender != _pair(payment.tokenIn, payment.tokenOut)) revert WrongCaller();
        uint256 owed = owed0 > 0 ? owed0 : owed1;
        if (owed == 0) revert ZeroAmount();
        IERC20(payment.tokenIn).safeTransferFrom(payment.payer, msg.sender, owed);
    }

    function quotePair(address tokenA, address tokenB) external view returns (address) {
        return _pair(tokenA, tokenB);
    }

    function _pair(address tokenA, address tokenB) internal view returns (address pair) {
        if (tokenA == tokenB) revert NoPair();
        pair = factory.pairFor(tokenA, tokenB);
        if (pair == address(0)) revert NoPair();
    }
}
