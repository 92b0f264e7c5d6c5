// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Pot that goes to the last bidder
/// @notice Every bid adds to the pot and restarts the clock; when it runs out the last bidder has won.
contract LastBidderPot {
    struct Round {
        address leader;
        uint256 pot;
        uint256 lastBidAt;
        uint256 bids;
        bool paid;
    }

    uint256 public constant BID = 0.1 ether;
    uint256 public constant HOUSE_BPS = 300;
    uint256 public constant CLOCK = 12 seconds;

    address public immutable house;
    uint256 public roundNumber = 1;
    uint256 public houseShare;
    mapping(uint256 => Round) public rounds;
    mapping(address => uint256) public winnings;

    event Bid(uint256 indexed round, address indexed bidder, uint256 pot);
    event Won(uint256 indexed round, address indexed winner, uint256 amount);
    event Collected(address indexed who, uint256 amount);

    error WrongBid();
    error ClockStillRuns();
    error ClockRanOut();
    error NoBids();
    error PaymentRefused();

    constructor() {
        house = msg.sender;
    }

    function bid() external payable {
        if (msg.value != BID) revert WrongBid();
        Round storage round = rounds[roundNumber];
        if (round.bids > 0 && block.timestamp > round.lastBidAt + CLOCK) revert ClockRanOut(); // <-- time
        uint256 cut = (msg.value * HOUSE_BPS) / 10_000;
        houseShare += cut;
        round.pot += msg.value - cut;
        round.leader = msg.sender;
        round.lastBidAt = block.timestamp;
        round.bids += 1;
        emit Bid(roundNumber, msg.sender, round.pot);
    }

    /// @notice Anybody may close a round whose clock has run out.
    function closeRound() external {
        Round storage round = rounds[roundNumber];
        if (round.bids == 0) revert NoBids();
        if (block.timestamp <= round.lastBidAt + CLOCK) revert ClockStillRuns(); // <-- time
        round.paid = true;
        winnings[round.leader] += round.pot;
        emit Won(roundNumber, round.leader, round.pot);
        roundNumber += 1;
    }

    function collect() external {
        uint256 amount = winnings[msg.sender];
        if (amount == 0) revert NoBids();
        winnings[msg.sender] = 0;
        emit Collected(msg.sender, amount);
        _send(msg.sender, amount);
    }

    function collectHouseShare() external {
        uint256 amount = houseShare;
        houseShare = 0;
        emit Collected(house, amount);
        _send(house, amount);
    }

    function timeLeft() external view returns (uint256) {
        Round storage round = rounds[roundNumber];
        uint256 end = round.lastBidAt + CLOCK;
        if (round.bids == 0 || block.timestamp >= end) return 0;
        return end - block.timestamp;
    }

    function _send(address to, uint256 amount) private {
        (bool ok, ) = to.call{value: amount}("");
        if (!ok) revert PaymentRefused();
    }
}
