// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// @title Swaps tokens for users through whichever venue quotes best
/// @notice Users approve this contract for the token they sell.
contract SwapDesk is Ownable, ReentrancyGuard {
    using SafeERC20 for IERC20;

    struct Order {
        IERC20 sell;
        IERC20 buy;
        uint256 amount;
        uint256 minOut;
        uint256 deadline;
    }

    mapping(address => bool) public venues;
    uint256 public swapCount;

    event VenueSet(address indexed venue, bool listed);
    event Swapped(address indexed user, address indexed sell, address indexed buy, uint256 spent, uint256 got);

    error Expired();
    error UnknownVenue(address venue);
    error VenueFailed();
    error TooLittle(uint256 got);
    error BadOrder();

    constructor(address owner_) Ownable(owner_) {}

    function setVenue(address venue, bool listed) external onlyOwner {
        if (venue.code.length == 0) revert UnknownVenue(venue);
        venues[venue] = listed;
        emit VenueSet(venue, listed);
    }

    /// @notice Sell `order.amount` at a venue, unsold rest comes back.
    /// @param venue where to trade
    /// @param data the call that the venue's own interface asks for
    function swap(Order calldata order, address venue, bytes calldata data) external nonReentrant returns (uint256 got) {
        if (block.timestamp > order.deadline) revert Expired();
        if (order.amount == 0 || order.minOut == 0 || order.sell == order.buy) revert BadOrder();

        uint256 sellBefore = order.sell.balanceOf(address(this));
        uint256 buyBefore = order.buy.balanceOf(address(this));
        order.sell.safeTransferFrom(msg.sender, address(this), order.amount);

        order.sell.forceApprove(venue, order.amount);
        _trade(venue, data);
        order.sell.forceApprove(venue, 0);

        got = order.buy.balanceOf(address(this)) - buyBefore;
        if (got < order.minOut) revert TooLittle(got);
        uint256 rest = order.sell.balanceOf(address(this)) - sellBefore;
        swapCount += 1;
        emit Swapped(msg.sender, address(order.sell), address(order.buy), order.amount - rest, got);

        order.buy.safeTransfer(msg.sender, got);
        if (rest > 0) order.sell.safeTransfer(msg.sender, rest);
    }

    function _trade(address venue, bytes calldata data) private {
        (bool ok, bytes memory answer) = venue.call(data); // <-- arbitrary-call
        if (!ok) {
            if (answer.length == 0) revert VenueFailed();
            assembly {
                revert(add(answer, 32), mload(answer))
            }
        }
    }
}
