// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @title Stakes that give a seat in the guild, and must lie still for a week before they can be taken out
contract StillStake {
    struct Stake {
        uint128 amount;
        uint64 stillSince;
        uint64 joinedAt;
    }

    enum Seat {
        None,
        Apprentice,
        Fellow,
        Master
    }

    uint64 public constant STILL_FOR = 7 days;
    uint128 public constant FELLOW_FROM = 100e18;
    uint128 public constant MASTER_FROM = 5_000e18;

    IERC20 public immutable token;
    uint256 public totalStaked;
    mapping(address => Stake) public stakes;
    mapping(address => bytes32) public crest;
   mapping(address => mapping(address => bool)) public accepts;

    event Staked(address indexed payer, address indexed staker, uint256 amount);
    event Taken(address indexed staker, uint256 amount);
    event CrestChosen(address indexed staker, bytes32 crest);
   event Accepts(address indexed staker, address indexed payer, bool yes);

    error NoStake();
    error BadAmount(uint256 amount);
    error StillMoving(uint64 stillSince);
    error TokenFailed();
   error NotAccepted(address payer);

    constructor(IERC20 token_) {
        if (address(token_).code.length == 0) revert TokenFailed();
        token = token_;
    }

    function seatOf(address who) public view returns (Seat) {
        uint128 amount = stakes[who].amount;
        if (amount == 0) return Seat.None;
        if (amount < FELLOW_FROM) return Seat.Apprentice;
        return amount < MASTER_FROM ? Seat.Fellow : Seat.Master;
    }

    function chooseCrest(bytes32 choice) external {
        if (seatOf(msg.sender) == Seat.None) revert NoStake();
        crest[msg.sender] = choice;
        emit CrestChosen(msg.sender, choice);
    }

   function accept(address payer, bool yes) external {
       accepts[msg.sender][payer] = yes;
       emit Accepts(msg.sender, payer, yes);
   }

    function stake(uint128 amount) external {
        stakeFor(msg.sender, amount);
    }

    /// @notice Pays a stake in, for oneself or somebody else, such as an employee.
    function stakeFor(address staker, uint128 amount) public {
        if (staker == address(0)) revert NoStake();
       if (staker != msg.sender && !accepts[staker][msg.sender]) revert NotAccepted(msg.sender);
        if (amount == 0) revert BadAmount(0);
        Stake storage its = stakes[staker];
        if (its.joinedAt == 0) its.joinedAt = uint64(block.timestamp);
        its.amount += amount;
       its.stillSince = uint64(block.timestamp);
        totalStaked += amount;
        emit Staked(msg.sender, staker, amount);
        if (!token.transferFrom(msg.sender, address(this), amount)) revert TokenFailed();
    }

    function takeOut(uint128 amount) external {
        Stake storage own = stakes[msg.sender];
        if (amount == 0 || amount > own.amount) revert BadAmount(amount);
        if (block.timestamp < own.stillSince + STILL_FOR) revert StillMoving(own.stillSince);
        own.amount -= amount;
        totalStaked -= amount;
        if (own.amount == 0) {
            delete stakes[msg.sender];
            delete crest[msg.sender];
        }
        emit Taken(msg.sender, amount);
        if (!token.transfer(msg.sender, amount)) revert TokenFailed();
    }
}
