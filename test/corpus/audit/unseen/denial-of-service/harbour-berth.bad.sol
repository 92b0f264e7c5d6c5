pragma solidity ^0.5.17;

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256) {
        uint256 c = a + b;
        require(c >= a, "add overflow");
        return c;
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "sub underflow");
        return a - b;
    }
}

contract HarbourOffice {
    address payable public harbourmaster;
    address payable public candidate;

    event CandidateNamed(address indexed candidate);
    event OfficeHandedOver(address indexed previous, address indexed current);

    constructor() internal {
        harbourmaster = msg.sender;
    }

    modifier onlyHarbourmaster() {
        require(msg.sender == harbourmaster, "not the harbourmaster");
        _;
    }

    function nameCandidate(address payable who) external onlyHarbourmaster {
        require(who != address(0), "zero");
        candidate = who;
        emit CandidateNamed(who);
    }

    function takeOffice() external {
        require(msg.sender == candidate, "not named");
        emit OfficeHandedOver(harbourmaster, candidate);
        harbourmaster = candidate;
        candidate = address(0);
    }
}

// Berths change hands at a ten percent premium. The outgoing tenant gets the
// price back with half of the premium on top, the office keeps the rest.
contract HarbourBerths is HarbourOffice {
    using SafeMath for uint256;

    uint256 public constant BERTHS = 40;
    uint256 public constant FLOOR = 0.2 ether;

    struct Berth {
        address payable tenant;
        uint256 price;
        string vessel;
    }

    mapping(uint256 => Berth) public berths;
    uint256 public dues;

    event Moored(uint256 indexed berth, address indexed tenant, uint256 price, string vessel);
    event DuesCollected(uint256 amount);

    function asking(uint256 id) public view returns (uint256) {
        require(id < BERTHS, "no such berth");
        uint256 price = berths[id].price;
        if (price == 0) {
            return FLOOR;
        }
        return price.add(price / 10);
    }

    function moor(uint256 id, string calldata vessel) external payable {
        uint256 ask = asking(id);
        require(msg.value == ask, "pay the asking price");
        require(bytes(vessel).length > 0 && bytes(vessel).length <= 32, "vessel name");

        Berth storage berth = berths[id];
        address payable outgoing = berth.tenant;
        require(outgoing != msg.sender, "already moored");
        uint256 back = berth.price.add(berth.price / 20);

        berth.tenant = msg.sender;
        berth.price = ask;
        berth.vessel = vessel;

        if (outgoing == address(0)) {
            dues = dues.add(ask);
        } else {
            dues = dues.add(ask.sub(back));
            outgoing.transfer(back); // <-- denial-of-service
        }
        emit Moored(id, msg.sender, ask, vessel);
    }

    function collectDues() external onlyHarbourmaster {
        uint256 amount = dues;
        require(amount > 0, "no dues");
        dues = 0;
        harbourmaster.transfer(amount);
        emit DuesCollected(amount);
    }
}
