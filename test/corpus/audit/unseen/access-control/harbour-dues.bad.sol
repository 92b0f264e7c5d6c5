pragma solidity ^0.4.24;

/**
 * Harbour dues: ships pay by gross tonnage, the harbour master draws the dues.
 */
contract HarbourDues {
    struct Ship {
        string name;
        uint32 tonnage;
        uint256 paidUntil;
        bool known;
    }

    uint256 public constant PERIOD = 30 days;
    uint256 public constant MAX_RATE = 1 finney;

    address public master;
    address public nextMaster;
    uint256 public ratePerTonne;
    mapping(bytes32 => Ship) ships;

    event MasterProposed(address indexed candidate);
    event MasterChanged(address indexed oldMaster, address indexed newMaster);
    event RateChanged(uint256 oldRate, uint256 newRate);
    event Entered(bytes32 indexed callSign, string name, uint32 tonnage);
    event Paid(bytes32 indexed callSign, uint256 amount, uint256 until);
    event Drawn(uint256 amount);

    modifier onlyMaster() {
        require(msg.sender == master);
        _;
    }

    function HarborDues() public { // <-- access-control
        master = msg.sender;
        ratePerTonne = 10 szabo;
        MasterChanged(0x0, msg.sender);
    }

    function proposeMaster(address candidate) public onlyMaster {
        require(candidate != 0x0);
        nextMaster = candidate;
        MasterProposed(candidate);
    }

    function acceptMaster() public {
        require(msg.sender == nextMaster);
        MasterChanged(master, nextMaster);
        master = nextMaster;
        nextMaster = 0x0;
    }

    function setRate(uint256 rate) public onlyMaster {
        require(rate > 0 && rate <= MAX_RATE);
        RateChanged(ratePerTonne, rate);
        ratePerTonne = rate;
    }

    function enter(bytes32 callSign, string name, uint32 tonnage) public onlyMaster {
        require(!ships[callSign].known);
        require(tonnage > 0);
        ships[callSign] = Ship(name, tonnage, now, true);
        Entered(callSign, name, tonnage);
    }

    function due(bytes32 callSign) public constant returns (uint256) {
        // uint32 tonnage times a bounded rate
        return uint256(ships[callSign].tonnage) * ratePerTonne;
    }

    function pay(bytes32 callSign) public payable {
        var ship = ships[callSign];
        require(ship.known);
        require(msg.value == due(callSign));
        uint256 start = ship.paidUntil > now ? ship.paidUntil : now;
        ship.paidUntil = start + PERIOD;
        Paid(callSign, msg.value, ship.paidUntil);
    }

    function mayEnter(bytes32 callSign) public constant returns (bool) {
        return ships[callSign].known && ships[callSign].paidUntil >= now;
    }

    function drawDues() public onlyMaster {
        uint256 amount = this.balance;
        Drawn(amount);
        master.transfer(amount);
    }
}
