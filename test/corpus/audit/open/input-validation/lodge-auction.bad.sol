// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Auctions of holiday weeks in a mountain lodge
contract LodgeAuction {
    struct Auction {
        address payable seller;
        uint64 endsAt;
        bool settled;
        address bidder;
        uint256 bid;
    }

    uint256 public constant STEP_PERCENT = 5;
    uint256 public constant MIN_LENGTH = 1 hours;
    uint256 public constant MAX_LENGTH = 14 days;

    uint256 public auctionCount;
    mapping(uint256 => Auction) private _auctions;
    mapping(address => uint256) public credit;
    mapping(uint256 => address) public guestOf;

    event Opened(uint256 indexed id, address indexed seller, uint64 endsAt, uint256 floor);
    event Bid(uint256 indexed id, address indexed bidder, uint256 amount);
    event Settled(uint256 indexed id, address indexed guest, uint256 amount);
    event Paid(address indexed to, uint256 amount);

    error NoAuction(uint256 id);
    error Closed();
    error StillOpen();
    error BidTooLow(uint256 least);
    error BadLength();
    error NothingDue();
    error PayFailed();

    function open(uint64 length, uint256 floor) external returns (uint256 id) {
        if (length < MIN_LENGTH || length > MAX_LENGTH || floor == 0) revert BadLength();
        id = ++auctionCount;
        uint64 endsAt = uint64(block.timestamp) + length;
        _auctions[id] = Auction(payable(msg.sender), endsAt, false, address(0), floor);
        emit Opened(id, msg.sender, endsAt, floor);
    }

    function bid(uint256 id) external payable {
        Auction storage auction = _find(id);
        if (block.timestamp >= auction.endsAt) revert Closed();
        uint256 least = _least(auction);
        if (msg.value < least) revert BidTooLow(least);
        if (auction.bidder != address(0)) credit[auction.bidder] += auction.bid;
        auction.bidder = msg.sender;
        auction.bid = msg.value;
        emit Bid(id, msg.sender, msg.value);
    }

    /// @notice Book the week for the winner and credit the seller.
    function settle(uint256 id) external {
        Auction storage auction = _find(id);
        if (block.timestamp < auction.endsAt) revert StillOpen();
        if (auction.settled) revert Closed();
        auction.settled = true;
        if (auction.bidder == address(0)) return;
        guestOf[id] = auction.bidder;
        credit[auction.seller] += auction.bid;
        emit Settled(id, auction.bidder, auction.bid);
    }

    /// @notice Add to a bid that leads, before the end.
    function raise(uint256 id) external payable { // <-- input-validation
        Auction storage auction = _auctions[id];
        if (auction.bidder != address(0) && auction.bidder != msg.sender) revert Closed();
        if (auction.settled) revert Closed();
        if (msg.value == 0) revert BidTooLow(1);
        auction.bid += msg.value;
        emit Bid(id, msg.sender, auction.bid);
    }

    function collect() external {
        uint256 amount = credit[msg.sender];
        if (amount == 0) revert NothingDue();
        credit[msg.sender] = 0;
        emit Paid(msg.sender, amount);
        (bool ok, ) = payable(msg.sender).call{value: amount}("");
        if (!ok) revert PayFailed();
    }

    function auctionOf(uint256 id) external view returns (Auction memory) {
        return _find(id);
    }

    function _find(uint256 id) internal view returns (Auction storage auction) {
        auction = _auctions[id];
        if (auction.seller == address(0)) revert NoAuction(id);
    }

    function _least(Auction storage auction) internal view returns (uint256) {
        if (auction.bidder == address(0)) return auction.bid;
        return auction.bid + (auction.bid * STEP_PERCENT) / 100 + 1;
    }
}
