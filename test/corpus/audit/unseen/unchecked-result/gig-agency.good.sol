pragma solidity ^0.5.17;

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256) {
        uint256 c = a + b;
        require(c >= a);
        return c;
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a);
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256) {
        if (a == 0) {
            return 0;
        }
        uint256 c = a * b;
        require(c / a == b);
        return c;
    }

    function div(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b > 0);
        return a / b;
    }
}

/**
 * Booking of artists. The host pays in advance, after the evening of the gig
 * the artist collects for the band; the agency draws its share later.
 */
contract GigAgency {
    using SafeMath for uint256;

    struct Gig {
        address host;
        address payable artist;
        uint256 fee;
        uint256 date;
        bool settled;
    }

    uint256 public constant SHARE_BPS = 1200;
    uint256 public constant CANCEL_BEFORE = 3 days;

    address payable public agency;
    uint256 public agencyShare;
    Gig[] public gigs;

    event Booked(uint256 indexed id, address indexed host, address indexed artist, uint256 fee, uint256 date);
    event Cancelled(uint256 indexed id);
    event Settled(uint256 indexed id, uint256 toBand, uint256 toAgency);
    event ShareDrawn(uint256 amount);

    constructor(address payable _agency) public {
        require(_agency != address(0), "agency");
        agency = _agency;
    }

    function book(address payable artist, uint256 date) external payable returns (uint256 id) {
        require(artist != address(0), "artist");
        require(msg.value > 0, "fee");
        require(date > now.add(CANCEL_BEFORE) && date < now.add(730 days), "date");
        id = gigs.length;
        gigs.push(Gig(msg.sender, artist, msg.value, date, false));
        emit Booked(id, msg.sender, artist, msg.value, date);
    }

    function cancel(uint256 id) external {
        Gig storage gig = gigs[id];
        require(gig.host == msg.sender, "not the host");
        require(!gig.settled, "settled");
        require(now < gig.date.sub(CANCEL_BEFORE), "too late");
        gig.settled = true;
        emit Cancelled(id);
        (bool ok, ) = msg.sender.call.value(gig.fee)("");
        require(ok, "refund failed");
    }

    // The artist names the band mate who gets a part of his money.
    function collect(uint256 id, address payable mate, uint256 mateBps) external {
        Gig storage gig = gigs[id];
        require(gig.artist == msg.sender, "not the artist");
        require(!gig.settled && now > gig.date.add(1 days), "not due");
        require(mate != address(0) && mateBps <= 9000, "mate");
        gig.settled = true;
        uint256 share = gig.fee.mul(SHARE_BPS).div(10000);
        uint256 rest = gig.fee.sub(share);
        uint256 toMate = rest.mul(mateBps).div(10000);
        agencyShare = agencyShare.add(share);
        emit Settled(id, rest, share);

        bool paid;
        (paid, ) = mate.call.value(toMate)("");
        require(paid, "mate not paid");
        (paid, ) = gig.artist.call.value(rest.sub(toMate))("");
        require(paid, "artist not paid");
    }

    function drawShare() external {
        require(msg.sender == agency, "agency only");
        uint256 amount = agencyShare;
        agencyShare = 0;
        emit ShareDrawn(amount);
        (bool ok, ) = agency.call.value(amount)("");
        require(ok, "payment failed");
    }

    function gigCount() external view returns (uint256) {
        return gigs.length;
    }
}
