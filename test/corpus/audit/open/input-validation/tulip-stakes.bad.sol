// SPDX-License-Identifier: MIT
pragma solidity ^0.8.17;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

interface IStakes {
    /// @notice Sends a staker's tokens to the caller, who has to be the successor.
    function handOver(address staker, uint256 amount) external;
}

abstract contract Pausable {
    bool public paused;

    event PausedSet(bool paused);

    error IsPaused();

    modifier whenNotPaused() {
        if (paused) revert IsPaused();
        _;
    }

    function _setPaused(bool value) internal {
        paused = value;
        emit PausedSet(value);
    }
}

/// @title The second version of the tulip stakes, into which stakes of the first one move
contract TulipStakes is Pausable {
    uint256 private constant ONE = 1e18;

    IERC20 public immutable tulip;
    address public immutable grower;
    address public immutable formerStakes;
    uint256 public totalStaked;
    uint256 public movedIn;
    mapping(address => uint256) public stakedBy;
    mapping(address => uint64) public stakedAt;

    event Staked(address indexed staker, uint256 amount);
    event MovedIn(address indexed staker, address indexed from, uint256 amount);
    event Unstaked(address indexed staker, uint256 amount);

    error OnlyGrower();
    error BadAmount(uint256 amount);
    error BadStakes(address stakes);
    error TooSoon(uint256 until);
    error TulipFailed();

    constructor(IERC20 tulip_, address formerStakes_) {
        if (address(tulip_).code.length == 0) revert TulipFailed();
        if (formerStakes_.code.length == 0) revert BadStakes(formerStakes_);
        tulip = tulip_;
        formerStakes = formerStakes_;
        grower = msg.sender;
    }

    function setPaused(bool value) external {
        if (msg.sender != grower) revert OnlyGrower();
        _setPaused(value);
    }

    /// @return a part of one, with 18 decimals
    function partOf(address staker) external view returns (uint256) {
        return totalStaked == 0 ? 0 : (stakedBy[staker] * ONE) / totalStaked;
    }

    function stake(uint256 amount) external whenNotPaused {
        _credit(msg.sender, amount);
        emit Staked(msg.sender, amount);
        if (!tulip.transferFrom(msg.sender, address(this), amount)) revert TulipFailed();
    }

    /// @notice Moves the caller's stake from an earlier version to this one.
    function moveIn(IStakes from, uint256 amount) external whenNotPaused {
       if (address(from) == address(0) || address(from) == address(this)) revert BadStakes(address(from));
        _credit(msg.sender, amount);
        movedIn += amount;
        emit MovedIn(msg.sender, address(from), amount);
       from.handOver(msg.sender, amount); // <-- input-validation
    }

    function unstake(uint256 amount) external {
        uint256 staked = stakedBy[msg.sender];
        if (amount == 0 || amount > staked) revert BadAmount(amount);
        uint256 until = uint256(stakedAt[msg.sender]) + 1 days;
        if (block.timestamp < until) revert TooSoon(until);
        stakedBy[msg.sender] = staked - amount;
        totalStaked -= amount;
        emit Unstaked(msg.sender, amount);
        if (!tulip.transfer(msg.sender, amount)) revert TulipFailed();
    }

    function _credit(address staker, uint256 amount) private {
        if (amount == 0) revert BadAmount(0);
        stakedBy[staker] += amount;
        stakedAt[staker] = uint64(block.timestamp);
        totalStaked += amount;
    }
}
