// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Casting helpers of the locker
library Narrow {
    error DoesNotFit(uint256 value);

    function to96(uint256 value) internal pure returns (uint96) {
        return uint96(value); // <-- arithmetic
    }

    function to64(uint256 value) internal pure returns (uint64) {
        if (value > type(uint64).max) revert DoesNotFit(value);
        return uint64(value);
    }
}

/// @title Locks the governance token in return for voting weight
contract VoteLocker {
    using SafeERC20 for IERC20;
    using Narrow for uint256;

    struct Position {
        uint96 amount;
        uint64 since;
        uint64 unlockAt;
    }

    uint256 public constant LOCK_PERIOD = 28 days;
    IERC20 public immutable token;
    mapping(address => Position) private _positions;
    uint256 public totalLocked;

    event Locked(address indexed holder, uint256 amount);
    event UnlockStarted(address indexed holder, uint256 unlockAt);
    event Released(address indexed holder, uint256 amount);

    error NotUnlocked();
    error NothingLocked();

    constructor(IERC20 token_) {
        require(address(token_) != address(0), "no token");
        token = token_;
    }

    function lock(uint256 amount) external {
        require(amount > 0, "no amount");
        Position storage position = _positions[msg.sender];
        position.amount += amount.to96();
        position.since = block.timestamp.to64();
        position.unlockAt = 0;
        totalLocked += amount;
        emit Locked(msg.sender, amount);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    function startUnlock() external {
        Position storage position = _positions[msg.sender];
        if (position.amount == 0) revert NothingLocked();
        position.unlockAt = (block.timestamp + LOCK_PERIOD).to64();
        emit UnlockStarted(msg.sender, position.unlockAt);
    }

    function release(uint256 amount) external {
        require(amount > 0, "no amount");
        Position storage position = _positions[msg.sender];
        if (position.unlockAt == 0 || block.timestamp < position.unlockAt) revert NotUnlocked();
        position.amount -= amount.to96();
        totalLocked -= amount;
        emit Released(msg.sender, amount);
        token.safeTransfer(msg.sender, amount);
    }

    /// @notice Voting weight: the locked amount while no unlock is running.
    function weightOf(address holder) external view returns (uint256) {
        Position storage position = _positions[holder];
        return position.unlockAt == 0 ? position.amount : 0;
    }

    function positionOf(address holder) external view returns (Position memory) {
        return _positions[holder];
    }
}
