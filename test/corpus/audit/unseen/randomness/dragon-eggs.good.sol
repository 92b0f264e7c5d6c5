pragma solidity ^0.5.17;

interface IRandomBeacon {
    /// Answers later, through onRandomness() of the caller.
    function request() external returns (bytes32 id);
}

contract Hatchery {
    address payable public breeder;
    address payable public pendingBreeder;

    event BreederProposed(address indexed who);
    event BreederChanged(address indexed who);

    modifier onlyBreeder() {
        require(msg.sender == breeder, "breeder only");
        _;
    }

    constructor() internal {
        breeder = msg.sender;
    }

    function proposeBreeder(address payable who) external onlyBreeder {
        require(who != address(0), "zero");
        pendingBreeder = who;
        emit BreederProposed(who);
    }

    function acceptBreeder() external {
        require(msg.sender == pendingBreeder, "not proposed");
        breeder = pendingBreeder;
        pendingBreeder = address(0);
        emit BreederChanged(breeder);
    }
}

contract DragonEggs is Hatchery {
    enum Stage { None, Egg, Hatching, Dragon }
    enum Breed { Marsh, Ember, Storm, Golden }

    struct Dragon {
        address keeper;
        Stage stage;
        Breed breed;
        uint256 genes;
    }

    uint256 public constant EGG_PRICE = 0.05 ether;
    uint256 public constant MAX_EGGS = 5000;

    uint256 public laid;
    mapping(uint256 => Dragon) public dragons;
    IRandomBeacon public beacon;
    mapping(bytes32 => uint256) private eggOfRequest;

    event Laid(uint256 indexed id, address indexed keeper);
    event Hatched(uint256 indexed id, uint256 genes, Breed breed);
    event Given(uint256 indexed id, address indexed from, address indexed to);
    event Withdrawn(uint256 amount);

    constructor(IRandomBeacon _beacon) public {
        require(address(_beacon) != address(0), "beacon");
        beacon = _beacon;
    }

    modifier onlyKeeper(uint256 id) {
        require(dragons[id].keeper == msg.sender, "not the keeper");
        _;
    }

    function buyEgg() external payable returns (uint256 id) {
        require(msg.value == EGG_PRICE, "price");
        require(laid < MAX_EGGS, "nest is empty");
        laid += 1;
        id = laid;
        dragons[id].keeper = msg.sender;
        dragons[id].stage = Stage.Egg;
        emit Laid(id, msg.sender);
    }

    function hatch(uint256 id) external onlyKeeper(id) {
        Dragon storage d = dragons[id];
        require(d.stage == Stage.Egg, "not an egg");
        d.stage = Stage.Hatching;
        bytes32 ticket = beacon.request();
        require(ticket != bytes32(0) && eggOfRequest[ticket] == 0, "ticket");
        eggOfRequest[ticket] = id;
    }

    function onRandomness(bytes32 ticket, uint256 value) external {
        require(msg.sender == address(beacon), "beacon only");
        uint256 id = eggOfRequest[ticket];
        require(id != 0, "unknown ticket");
        delete eggOfRequest[ticket];
        _grow(id, value);
    }

    function _grow(uint256 id, uint256 genes) private {
        Dragon storage d = dragons[id];
        d.stage = Stage.Dragon;
        d.genes = genes;
        uint256 roll = genes % 1000;
        if (roll < 5) {
            d.breed = Breed.Golden;
        } else if (roll < 100) {
            d.breed = Breed.Storm;
        } else if (roll < 400) {
            d.breed = Breed.Ember;
        }
        emit Hatched(id, genes, d.breed);
    }

    function give(uint256 id, address to) external onlyKeeper(id) {
        require(to != address(0), "zero");
        dragons[id].keeper = to;
        emit Given(id, msg.sender, to);
    }

    function withdraw() external onlyBreeder {
        uint256 amount = address(this).balance;
        breeder.transfer(amount);
        emit Withdrawn(amount);
    }
}
