// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Staking of one token for rewards in another, paid evenly over time
contract OrchardStaking is ReentrancyGuard {
    using SafeERC20 for IERC20;

    struct Position {
        uint128 staked;
        uint64 unlocksAt;
        uint256 paidPerToken;
        uint256 accrued;
    }

    uint256 private constant SCALE = 1e24;
    uint256 public constant PERIOD = 28 days;
    uint64 public constant LOCK = 3 days;

    IERC20 public immutable stakeToken;
    IERC20 public immutable rewardToken;
    address public immutable funder;

    uint256 public totalStaked;
    uint256 public rewardRate;
    uint256 public periodEnd;
    uint256 public lastUpdate;
    uint256 public perTokenStored;
    uint256 public rewardsHeld;
    uint256 public idleRewards;
    mapping(address => Position) private positions;

    event Staked(address indexed account, uint256 amount);
    event Unstaked(address indexed account, uint256 amount);
    event RewardPaid(address indexed account, uint256 amount);
    event PeriodStarted(uint256 rate, uint256 end);

    error NotFunder();
    error ZeroAmount();
    error StillLocked(uint64 until);
    error TooMuch(uint256 staked);
    error RateTooSmall();

    constructor(IERC20 stakeToken_, IERC20 rewardToken_) {
        require(address(stakeToken_) != address(rewardToken_), "same token");
        require(address(stakeToken_) != address(0) && address(rewardToken_) != address(0), "zero");
        stakeToken = stakeToken_;
        rewardToken = rewardToken_;
        funder = msg.sender;
    }

    modifier settled(address account) {
        _settle(account);
        _;
    }

    // ------------------------------------------------------------------ users

    function stake(uint256 amount) external nonReentrant settled(msg.sender) {
        if (amount == 0) revert ZeroAmount();
        uint256 before = stakeToken.balanceOf(address(this));
        stakeToken.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = stakeToken.balanceOf(address(this)) - before;
        require(received <= type(uint128).max, "amount");

        Position storage p = positions[msg.sender];
        p.staked += uint128(received);
        p.unlocksAt = uint64(block.timestamp) + LOCK;
        totalStaked += received;
        emit Staked(msg.sender, received);
    }

    function unstake(uint128 amount) public nonReentrant settled(msg.sender) {
        Position storage p = positions[msg.sender];
        if (amount == 0) revert ZeroAmount();
        if (block.timestamp < p.unlocksAt) revert StillLocked(p.unlocksAt);
        if (amount > p.staked) revert TooMuch(p.staked);
        unchecked {
            p.staked -= amount; // compared just above
        }
        totalStaked -= amount;
        emit Unstaked(msg.sender, amount);
        stakeToken.safeTransfer(msg.sender, amount);
    }

    function collect() public nonReentrant settled(msg.sender) returns (uint256 amount) {
        Position storage p = positions[msg.sender];
        amount = p.accrued;
        if (amount > 0) {
            p.accrued = 0;
            rewardsHeld -= amount;
            emit RewardPaid(msg.sender, amount);
            rewardToken.safeTransfer(msg.sender, amount);
        }
    }

    function exit() external {
        unstake(positions[msg.sender].staked);
        collect();
    }

    // ----------------------------------------------------------------- funder

    /// @notice Starts a period or tops up the running one.
    function fund(uint256 amount) external nonReentrant settled(address(0)) {
        if (msg.sender != funder) revert NotFunder();
        uint256 before = rewardToken.balanceOf(address(this));
        rewardToken.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = rewardToken.balanceOf(address(this)) - before;
        rewardsHeld += received;

        uint256 left = block.timestamp < periodEnd ? (periodEnd - block.timestamp) * rewardRate : 0;
        uint256 rate = (left + received + idleRewards) / PERIOD;
        if (rate == 0 || (block.timestamp < periodEnd && rate < rewardRate)) {
            revert RateTooSmall();
        }
        idleRewards = 0;
        rewardRate = rate;
        lastUpdate = block.timestamp;
        periodEnd = block.timestamp + PERIOD;
        emit PeriodStarted(rate, periodEnd);
    }

    // ------------------------------------------------------------------ views

    function lastApplicable() public view returns (uint256) {
        return Math.min(block.timestamp, periodEnd);
    }

    function perToken() public view returns (uint256) {
        if (totalStaked == 0) return perTokenStored;
        uint256 since = lastApplicable() - lastUpdate;
        return perTokenStored + Math.mulDiv(since * rewardRate, SCALE, totalStaked);
    }

    function earned(address account) public view returns (uint256) {
        Position storage p = positions[account];
        return p.accrued + Math.mulDiv(p.staked, perToken() - p.paidPerToken, SCALE);
    }

    function positionOf(address account) external view returns (Position memory) {
        return positions[account];
    }

    // -------------------------------------------------------------- internals

    function _settle(address account) private {
        uint256 until = lastApplicable();
        if (totalStaked == 0 && until > lastUpdate) {
            // nobody was there to earn this: it goes into the next period
            idleRewards += (until - lastUpdate) * rewardRate;
        }
        perTokenStored = perToken();
        lastUpdate = until;
        if (account != address(0)) {
            Position storage p = positions[account];
            p.accrued = earned(account);
            p.paidPerToken = perTokenStored;
        }
    }
}
