// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC20 {
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// @title Tokens locked for votes: the longer the lock, the more votes; the token returns true and takes no fee
contract GranaryLocker {
    struct Lock {
        uint128 amount;
        uint64 end;
        uint128 votes;
    }

    uint64 public constant MIN_LOCK = 1 weeks;
    uint64 public constant MAX_LOCK = 208 weeks;

    IERC20 public immutable token;
    mapping(address => Lock) public locks;
    uint256 public totalVotes;

    event Locked(address indexed who, uint256 amount, uint64 end, uint256 votes);
    event Prolonged(address indexed who, uint64 end, uint256 votes);
    event Unlocked(address indexed who, uint256 amount);

    error LockExists();
    error NoLock();
    error BadDuration();
    error StillLocked(uint64 end);
    error TokenFailed();

    constructor(IERC20 token_) {
        require(address(token_) != address(0), "token");
        token = token_;
    }

    function lock(uint128 amount, uint64 duration) external {
        if (locks[msg.sender].amount != 0) revert LockExists();
        if (amount == 0 || duration < MIN_LOCK || duration > MAX_LOCK) revert BadDuration();
        uint128 votes = votesFor(amount, duration);
        uint64 end = uint64(block.timestamp) + duration;
        locks[msg.sender] = Lock(amount, end, votes);
        totalVotes += votes;
        emit Locked(msg.sender, amount, end, votes);
        if (!token.transferFrom(msg.sender, address(this), amount)) revert TokenFailed();
    }

    function prolong(uint64 duration) external {
        Lock storage l = locks[msg.sender];
        if (l.amount == 0) revert NoLock();
        if (duration < MIN_LOCK || duration > MAX_LOCK) revert BadDuration();
        uint64 end = uint64(block.timestamp) + duration;
        uint128 votes = votesFor(l.amount, duration);
        if (votes > l.votes) {
            totalVotes += votes - l.votes;
            l.votes = votes;
        }
        l.end = end; // <-- time
        emit Prolonged(msg.sender, end, l.votes);
    }

    function unlock() external {
        Lock memory l = locks[msg.sender];
        if (l.amount == 0) revert NoLock();
        if (block.timestamp < l.end) revert StillLocked(l.end);
        delete locks[msg.sender];
        totalVotes -= l.votes;
        emit Unlocked(msg.sender, l.amount);
        if (!token.transfer(msg.sender, l.amount)) revert TokenFailed();
    }

    function votesFor(uint128 amount, uint64 duration) public pure returns (uint128) {
        return uint128((uint256(amount) * duration) / MAX_LOCK);
    }

    function votesOf(address who) external view returns (uint256) {
        Lock storage l = locks[who];
        return block.timestamp < l.end ? l.votes : 0;
    }
}
