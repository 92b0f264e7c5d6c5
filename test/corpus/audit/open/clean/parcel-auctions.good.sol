// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.7.6;

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "SafeMath: add");
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "SafeMath: sub");
        return a - b;
    }
}

interface IERC721 {
    function transferFrom(address from, address to, uint256 tokenId) external;
    function safeTransferFrom(address from, address to, uint256 tokenId) external;
}

abstract contract Purses {
    using SafeMath for uint256;

    mapping(address => uint256) public purseOf;
    uint256 public inPurses;

    event Emptied(address indexed who, uint256 amount);

    /// @notice Pays the caller what is theirs.
    function emptyPurse(address payable to) external {
        require(to != address(0), "Purses: to");
        uint256 amount = purseOf[msg.sender];
        require(amount > 0, "Purses: empty");
        purseOf[msg.sender] = 0;
        inPurses = inPurses.sub(amount);
        emit Emptied(msg.sender, amount);
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "Purses: payment");
    }

    function _put(address who, uint256 amount) internal {
        purseOf[who] = purseOf[who].add(amount);
        inPurses = inPurses.add(amount);
    }
}

/// @title Sealed bids for parcels of land; the highest bidder pays what they bid
contract ParcelAuctions is Purses {
    using SafeMath for uint256;

    enum State {
        None,
        Running,
        Ended,
        Cancelled
    }

    struct Auction {
        address seller;
        IERC721 deeds;
        uint256 deed;
        uint256 reserve;
        uint256 sealUntil;
        uint256 showUntil;
        address best;
        uint256 bestBid;
        uint256 seals;
        State state;
    }

    struct Bid {
        bytes32 seal;
        uint256 deposit;
    }

    uint256 public constant SHORTEST = 1 days;
    uint256 public constant LONGEST = 30 days;
    uint256 public constant SHOWING = 2 days;

    address public immutable surveyor;
    uint256 public auctionCount;
    mapping(address => bool) public isRegistry;
    mapping(uint256 => Auction) public auctions;
    mapping(uint256 => mapping(address => Bid)) public bids;

    event RegistrySet(address indexed deeds, bool known);
    event Opened(uint256 indexed id, address indexed seller, uint256 deed, uint256 reserve, uint256 sealUntil);
    event Sealed(uint256 indexed id, address indexed bidder, uint256 deposit);
    event Shown(uint256 indexed id, address indexed bidder, uint256 amount);
    event Ended(uint256 indexed id, address indexed winner, uint256 amount);
    event Cancelled(uint256 indexed id);
    event DeedTaken(uint256 indexed id, address indexed to);

    constructor() {
        surveyor = msg.sender;
    }

    function setRegistry(address deeds, bool known) external {
        require(msg.sender == surveyor, "ParcelAuctions: surveyor");
        isRegistry[deeds] = known;
        emit RegistrySet(deeds, known);
    }

    function open(IERC721 deeds, uint256 deed, uint256 reserve, uint256 duration) external returns (uint256 id) {
        require(isRegistry[address(deeds)], "ParcelAuctions: registry");
        require(duration >= SHORTEST && duration <= LONGEST, "ParcelAuctions: duration");
        require(reserve > 0, "ParcelAuctions: reserve");
        id = ++auctionCount;
        Auction storage auction = auctions[id];
        auction.seller = msg.sender;
        auction.deeds = deeds;
        auction.deed = deed;
        auction.reserve = reserve;
        auction.sealUntil = block.timestamp.add(duration);
        auction.showUntil = auction.sealUntil.add(SHOWING);
        auction.state = State.Running;
        emit Opened(id, msg.sender, deed, reserve, auction.sealUntil);
        deeds.transferFrom(msg.sender, address(this), deed);
    }

    /// @notice What a bidder seals; it names the bidder, so nobody else can show it.
    function sealOf(uint256 id, address bidder, uint256 amount, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), id, bidder, amount, salt));
    }

    /// @notice Seals a bid. The deposit is at least the bid, and may be more, to hide it.
    function bid(uint256 id, bytes32 seal) external payable {
        Auction storage auction = auctions[id];
        require(auction.state == State.Running, "ParcelAuctions: not running");
        require(block.timestamp < auction.sealUntil, "ParcelAuctions: too late");
        require(msg.sender != auction.seller, "ParcelAuctions: seller");
        require(seal != bytes32(0) && msg.value >= auction.reserve, "ParcelAuctions: bid");
        Bid storage own = bids[id][msg.sender];
        require(own.seal == bytes32(0), "ParcelAuctions: sealed");
        own.seal = seal;
        own.deposit = msg.value;
        auction.seals = auction.seals.add(1);
        emit Sealed(id, msg.sender, msg.value);
    }

    /// @notice Shows a bid after the sealing. Of equal bids the one that is shown first wins.
    function show(uint256 id, uint256 amount, bytes32 salt) external {
        Auction storage auction = auctions[id];
        require(auction.state == State.Running, "ParcelAuctions: not running");
        require(block.timestamp >= auction.sealUntil, "ParcelAuctions: too early");
        require(block.timestamp < auction.showUntil, "ParcelAuctions: too late");
        Bid storage own = bids[id][msg.sender];
        require(own.seal != bytes32(0) && own.deposit > 0, "ParcelAuctions: no bid");
        require(own.seal == sealOf(id, msg.sender, amount, salt), "ParcelAuctions: seal");

        uint256 deposit = own.deposit;
        own.deposit = 0;
        emit Shown(id, msg.sender, amount);
        if (amount < auction.reserve || amount > deposit || amount <= auction.bestBid) {
            _put(msg.sender, deposit);
            return;
        }
        if (auction.best != address(0)) _put(auction.best, auction.bestBid);
        auction.best = msg.sender;
        auction.bestBid = amount;
        _put(msg.sender, deposit.sub(amount));
    }

    /// @notice Ends an auction. Anybody may; the deed waits for who it belongs to.
    function end(uint256 id) external {
        Auction storage auction = auctions[id];
        require(auction.state == State.Running, "ParcelAuctions: not running");
        require(block.timestamp >= auction.showUntil, "ParcelAuctions: too early");
        auction.state = State.Ended;
        if (auction.best == address(0)) {
            auction.best = auction.seller;
        } else {
            _put(auction.seller, auction.bestBid);
        }
        emit Ended(id, auction.best, auction.bestBid);
    }

    /// @notice A seller cancels while nobody has bid.
    function cancel(uint256 id) external {
        Auction storage auction = auctions[id];
        require(auction.state == State.Running, "ParcelAuctions: not running");
        require(msg.sender == auction.seller, "ParcelAuctions: seller");
        require(auction.seals == 0, "ParcelAuctions: bids");
        auction.state = State.Cancelled;
        auction.best = auction.seller;
        emit Cancelled(id);
    }

    /// @notice Who an ended auction's deed belongs to sends it where they want it.
    function takeDeed(uint256 id, address to) external {
        Auction storage auction = auctions[id];
        require(auction.state == State.Ended || auction.state == State.Cancelled, "ParcelAuctions: running");
        require(msg.sender == auction.best, "ParcelAuctions: not yours");
        require(to != address(0) && to != address(this), "ParcelAuctions: to");
        auction.best = address(0);
        emit DeedTaken(id, to);
        auction.deeds.safeTransferFrom(address(this), to, auction.deed);
    }

    /// @notice A bidder who did not show in time gets the deposit back later, less a tenth for the seller.
    function reclaim(uint256 id) external {
        Auction storage auction = auctions[id];
        require(auction.state == State.Ended, "ParcelAuctions: running");
        Bid storage own = bids[id][msg.sender];
        uint256 deposit = own.deposit;
        require(deposit > 0, "ParcelAuctions: nothing");
        own.deposit = 0;
        uint256 forfeit = deposit / 10;
        _put(auction.seller, forfeit);
        _put(msg.sender, deposit.sub(forfeit));
    }
}
