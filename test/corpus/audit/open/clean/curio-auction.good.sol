// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface ICurio {
    function ownerOf(uint256 id) external view returns (address);
    function transferFrom(address from, address to, uint256 id) external;
}

/// @title English auctions of curios; outbid money is fetched, not sent
contract CurioAuction {
    enum Stage { None, Running, Settled, Cancelled }

    struct Auction {
        ICurio curio;
        uint256 id;
        address seller;
        uint96 reserve;
        address leader;
        uint96 bid;
        uint40 endsAt;
        uint40 hardEnd;
        Stage stage;
    }

    uint256 public constant MIN_RAISE_PERCENT = 5;
    uint40 public constant EXTENSION = 10 minutes;
    uint40 public constant LONGEST = 30 days;
    uint40 public constant MAX_OVERTIME = 1 days;

    /// @dev 0 is never written, so that a first use costs no more than others
    uint256 private gate = 1;
    address public immutable house;
    mapping(ICurio => bool) public admitted;
    uint256 public auctionCount;
    mapping(uint256 => Auction) private auctions;
    mapping(address => uint256) public claims;
    uint256 public owed;

    event Admitted(address indexed curio, bool admitted);
    event Opened(uint256 indexed auction, address indexed seller, address curio, uint256 id);
    event Bid(uint256 indexed auction, address indexed bidder, uint96 amount, uint40 endsAt);
    event Settled(uint256 indexed auction, address indexed winner, uint96 amount);
    event Cancelled(uint256 indexed auction);
    event ClaimPaid(address indexed account, address indexed to, uint256 amount);

    error Entered();
    error WrongStage(Stage stage);
    error TooLow(uint256 minimum);
    error Over();
    error StillRunning();
    error NotSeller();
    error BadTerms();
    error NothingToClaim();
    error SendFailed();

    constructor() {
        house = msg.sender;
    }

    /// @notice Only collections that the house has examined can be auctioned.
    function admit(ICurio curio, bool value) external {
        require(msg.sender == house, "house");
        require(address(curio).code.length != 0, "curio");
        admitted[curio] = value;
        emit Admitted(address(curio), value);
    }

    function _enter() private {
        if (gate != 1) revert Entered();
        gate = 2;
    }

    function _leave() private {
        gate = 1;
    }

    function open(ICurio curio, uint256 id, uint96 reserve, uint40 duration)
        external
        returns (uint256 number)
    {
        _enter();
        if (!admitted[curio]) revert BadTerms();
        if (duration < 1 hours || duration > LONGEST) revert BadTerms();
        number = ++auctionCount;
        Auction storage a = auctions[number];
        a.curio = curio;
        a.id = id;
        a.seller = msg.sender;
        a.reserve = reserve;
        a.endsAt = uint40(block.timestamp) + duration;
        a.hardEnd = a.endsAt + MAX_OVERTIME;
        a.stage = Stage.Running;
        emit Opened(number, msg.sender, address(curio), id);

        curio.transferFrom(msg.sender, address(this), id);
        if (curio.ownerOf(id) != address(this)) revert BadTerms();
        _leave();
    }

    function bid(uint256 number) external payable {
        _enter();
        Auction storage a = auctions[number];
        if (a.stage != Stage.Running) revert WrongStage(a.stage);
        if (block.timestamp >= a.endsAt) revert Over();
        if (msg.sender == a.seller) revert BadTerms();
        uint256 minimum = nextMinimum(number);
        if (msg.value < minimum || msg.value > type(uint96).max) revert TooLow(minimum);

        if (a.leader != address(0)) {
            claims[a.leader] += a.bid;
            owed += a.bid;
        }
        a.leader = msg.sender;
        a.bid = uint96(msg.value);
        uint40 extended = uint40(block.timestamp) + EXTENSION;
        if (extended > a.endsAt) {
            a.endsAt = extended < a.hardEnd ? extended : a.hardEnd;
        }
        emit Bid(number, msg.sender, a.bid, a.endsAt);
        _leave();
    }

    /// @notice Anybody can settle an auction which is over.
    function settle(uint256 number) external {
        _enter();
        Auction storage a = auctions[number];
        if (a.stage != Stage.Running) revert WrongStage(a.stage);
        if (block.timestamp < a.endsAt) revert StillRunning();
        a.stage = Stage.Settled;
        address receiver = a.seller;
        if (a.leader != address(0)) {
            receiver = a.leader;
            claims[a.seller] += a.bid;
            owed += a.bid;
        }
        emit Settled(number, a.leader, a.bid);
        a.curio.transferFrom(address(this), receiver, a.id);
        _leave();
    }

    /// @notice The seller may withdraw an auction nobody has bid in.
    function cancel(uint256 number) external {
        _enter();
        Auction storage a = auctions[number];
        if (a.stage != Stage.Running) revert WrongStage(a.stage);
        if (a.seller != msg.sender) revert NotSeller();
        if (a.leader != address(0)) revert Over();
        a.stage = Stage.Cancelled;
        emit Cancelled(number);
        a.curio.transferFrom(address(this), msg.sender, a.id);
        _leave();
    }

    function claimTo(address payable to) external {
        _enter();
        if (to == address(0)) revert BadTerms();
        uint256 amount = claims[msg.sender];
        if (amount == 0) revert NothingToClaim();
        claims[msg.sender] = 0;
        owed -= amount;
        emit ClaimPaid(msg.sender, to, amount);
        (bool ok, ) = to.call{value: amount}("");
        if (!ok) revert SendFailed();
        _leave();
    }

    function nextMinimum(uint256 number) public view returns (uint256) {
        Auction storage a = auctions[number];
        if (a.leader == address(0)) {
            return a.reserve == 0 ? 1 : a.reserve;
        }
        // rounded up, so that even a bid of one wei has to be raised
        return a.bid + (uint256(a.bid) * MIN_RAISE_PERCENT + 99) / 100;
    }

    function auctionInfo(uint256 number) external view returns (Auction memory) {
        return auctions[number];
    }
}
