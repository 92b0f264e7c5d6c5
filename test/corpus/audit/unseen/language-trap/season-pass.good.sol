pragma solidity ^0.4.24;

contract Ownable {
    address public owner;
    address public newOwner;

    event OwnerNominated(address indexed nominee);
    event OwnerChanged(address indexed previous, address indexed current);

    function Ownable() public {
        owner = msg.sender;
    }

    modifier onlyOwner() {
        require(msg.sender == owner);
        _;
    }

    function nominateOwner(address _nominee) public onlyOwner {
        require(_nominee != address(0));
        newOwner = _nominee;
        emit OwnerNominated(_nominee);
    }

    function acceptOwnership() public {
        require(msg.sender == newOwner);
        emit OwnerChanged(owner, newOwner);
        owner = newOwner;
        newOwner = address(0);
    }
}

// Switch for the case that something goes wrong at the lifts.
contract SafetySwitch is Ownable {
    bool internal halted;

    event Halted();
    event Resumed();

    function isHalted() public view returns (bool) {
        return halted;
    }

    function halt() public onlyOwner {
        require(!halted);
        halted = true;
        emit Halted();
    }

    function resume() public onlyOwner {
        require(halted);
        halted = false;
        emit Resumed();
    }
}

contract SeasonPass is SafetySwitch {
    struct Pass {
        address holder;
        uint16 season;
        uint16 rides;
    }

    uint256 public constant PRICE = 0.3 ether;
    uint16 public constant RIDES = 60;

    uint16 public season;
    uint256 public passes;
    mapping(uint256 => Pass) public passOf;
    mapping(address => bool) public gates;

    event GateSet(address indexed gate, bool active);
    event SeasonOpened(uint16 season);
    event PassSold(uint256 indexed id, address indexed holder, uint16 season);
    event PassMoved(uint256 indexed id, address indexed from, address indexed to);
    event Ridden(uint256 indexed id, address indexed gate, uint16 left);
    event Withdrawn(uint256 amount);

    modifier whenRunning() {
        require(!halted, "lifts are halted");
        _;
    }

    modifier onlyHolder(uint256 id) {
        require(passOf[id].holder == msg.sender);
        _;
    }

    function SeasonPass(uint16 firstSeason) public {
        require(firstSeason >= 2018 && firstSeason < 2100);
        season = firstSeason;
    }

    function setGate(address gate, bool active) public onlyOwner {
        require(gate != address(0));
        gates[gate] = active;
        emit GateSet(gate, active);
    }

    function openNextSeason() public onlyOwner {
        require(season < 2100);
        season += 1;
        emit SeasonOpened(season);
    }

    function buyPass() public payable whenRunning returns (uint256 id) {
        require(msg.value == PRICE);
        passes += 1;
        id = passes;
        passOf[id] = Pass(msg.sender, season, RIDES);
        emit PassSold(id, msg.sender, season);
    }

    function movePass(uint256 id, address to) public onlyHolder(id) whenRunning {
        require(to != address(0));
        passOf[id].holder = to;
        emit PassMoved(id, msg.sender, to);
    }

    function ride(uint256 id) public whenRunning {
        require(gates[msg.sender], "not a gate");
        Pass storage pass = passOf[id];
        require(pass.season == season && pass.rides > 0, "pass not valid");
        pass.rides -= 1;
        emit Ridden(id, msg.sender, pass.rides);
    }

    function withdraw() public onlyOwner {
        uint256 amount = address(this).balance;
        require(amount > 0);
        owner.transfer(amount);
        emit Withdrawn(amount);
    }
}
