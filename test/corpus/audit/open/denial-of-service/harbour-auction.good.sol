// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title HarbourAuction
/// @notice English auction of a berth. Each bid replaces the one before, which gets its ether back.
contract HarbourAuction {
    struct Lot {
        address seller;
        address leader;
        uint128 highest;
        uint128 reserve;
        uint64 endsAt;
        bool settled;
        string berth;
    }

    uint256 public constant STEP_BPS = 500;
    uint64 public constant EXTENSION = 10 minutes;

    mapping(uint256 => Lot) public lots;
    mapping(address => uint256) public claimable;
    uint256 public lotCount;
    uint256 private entered = 1;

    event LotOpened(uint256 indexed id, address indexed seller, string berth, uint128 reserve);
    event Bid(uint256 indexed id, address indexed bidder, uint256 amount);
    event Settled(uint256 indexed id, address indexed winner, uint256 amount);
    event Claimed(address indexed who, uint256 amount);

    error LotOver();
    error LotRunning();
    error BidTooLow(uint256 needed);

    modifier nonReentrant() {
        require(entered == 1, "reentered");
        entered = 2;
        _;
        entered = 1;
    }

    function openLot(string calldata berth, uint128 reserve, uint64 duration) external returns (uint256 id) {
        require(reserve > 0, "no reserve");
        require(duration >= 1 hours && duration <= 30 days, "bad duration");
        id = ++lotCount;
        lots[id] = Lot(msg.sender, address(0), 0, reserve, uint64(block.timestamp) + duration, false, berth);
        emit LotOpened(id, msg.sender, berth, reserve);
    }

    function neededBid(uint256 id) public view returns (uint256) {
        Lot storage lot = lots[id];
        if (lot.leader == address(0)) return lot.reserve;
        return uint256(lot.highest) + (uint256(lot.highest) * STEP_BPS) / 10_000 + 1;
    }

    function bid(uint256 id) external payable nonReentrant {
        Lot storage lot = lots[id];
        if (block.timestamp >= lot.endsAt) revert LotOver();
        uint256 needed = neededBid(id);
        if (msg.value < needed || msg.value > type(uint128).max) revert BidTooLow(needed);

        address previous = lot.leader;
        uint256 refund = lot.highest;
        lot.leader = msg.sender;
        lot.highest = uint128(msg.value);
        if (lot.endsAt - block.timestamp < EXTENSION) {
            lot.endsAt = uint64(block.timestamp) + EXTENSION;
        }
        emit Bid(id, msg.sender, msg.value);

        if (previous != address(0)) {
            claimable[previous] += refund;
        }
    }

    function settle(uint256 id) external nonReentrant {
        Lot storage lot = lots[id];
        require(lot.seller != address(0) && !lot.settled, "nothing to settle");
        if (block.timestamp < lot.endsAt) revert LotRunning();
        lot.settled = true;
        if (lot.leader != address(0)) {
            claimable[lot.seller] += lot.highest;
        }
        emit Settled(id, lot.leader, lot.highest);
    }

    /// @notice Draw what settled lots have left for the caller.
    function claim() external nonReentrant {
        uint256 amount = claimable[msg.sender];
        require(amount > 0, "nothing to claim");
        claimable[msg.sender] = 0;
        emit Claimed(msg.sender, amount);
        (bool ok, ) = payable(msg.sender).call{value: amount}("");
        require(ok, "claim failed");
    }
}
