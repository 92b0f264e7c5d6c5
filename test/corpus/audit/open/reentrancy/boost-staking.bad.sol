// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

/// @title BoostStaking
/// @notice Stake any listed token, lock it for longer to get a higher boost. Listed tokens may
///         notify the receiver of a transfer (ERC-777 and the like).
contract BoostStaking is Ownable2Step {
    using SafeERC20 for IERC20;

    struct Position {
        uint256 amount;
        uint64 unlockAt;
        uint16 boost;
    }

    uint16 public constant BASE_BOOST = 100;
    uint64 public constant MAX_LOCK = 365 days;

    mapping(address => bool) public listed;
    mapping(address => mapping(address => Position)) public positions;
    mapping(address => uint256) public staked;

    event TokenListed(address indexed token, bool isListed);
    event Staked(address indexed user, address indexed token, uint256 amount, uint64 unlockAt);
    event Unstaked(address indexed user, address indexed token, uint256 amount);

    constructor(address initialOwner) Ownable(initialOwner) {}

    function setListed(address token, bool isListed) external onlyOwner {
        require(token.code.length > 0, "no code");
        listed[token] = isListed;
        emit TokenListed(token, isListed);
    }

    /// @dev Nothing is measured by balance; listed tokens take no fee on transfer.
    function stake(address token, uint256 amount, uint64 lock) external {
        require(listed[token], "not listed");
        require(amount > 0, "zero amount");
        require(lock <= MAX_LOCK, "lock too long");
        Position storage p = positions[msg.sender][token];
        p.amount += amount;
        uint64 unlockAt = uint64(block.timestamp) + lock;
        if (unlockAt > p.unlockAt) {
            p.unlockAt = unlockAt;
        }
        p.boost = _boostFor(lock);
        staked[token] += amount;
        emit Staked(msg.sender, token, amount, p.unlockAt);
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @notice Take out a part of the position. Delisting a token never blocks this.
    function unstake(address token, uint256 amount) external {
        Position storage p = positions[msg.sender][token];
        require(block.timestamp >= p.unlockAt, "still locked");
        uint256 held = p.amount;
        require(amount > 0 && amount <= held, "bad amount");
        uint256 rest = held - amount;
        uint256 stakedRest = staked[token] - amount;
        IERC20(token).safeTransfer(msg.sender, amount); // <-- reentrancy
        p.amount = rest;
        if (rest == 0) {
            p.boost = 0;
        }
        staked[token] = stakedRest;
        emit Unstaked(msg.sender, token, amount);
    }

    function weightOf(address user, address token) external view returns (uint256) {
        Position storage p = positions[user][token];
        return (p.amount * p.boost) / BASE_BOOST;
    }

    function _boostFor(uint64 lock) private pure returns (uint16) {
        if (lock >= 180 days) return 200;
        if (lock >= 30 days) return 130;
        return BASE_BOOST;
    }
}
