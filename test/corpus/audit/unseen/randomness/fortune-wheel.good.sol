pragma solidity ^0.4.24;

library SafeMath {
    function add(uint a, uint b) internal pure returns (uint) {
        uint c = a + b;
        require(c >= a);
        return c;
    }
    function sub(uint a, uint b) internal pure returns (uint) {
        require(b <= a);
        return a - b;
    }
}

contract House {
    address public house;
    address public newHouse;

    event HouseProposed(address indexed proposed);
    event HouseChanged(address indexed house);

    constructor() public { house = msg.sender; }

    modifier onlyHouse() { require(msg.sender == house); _; }

    function proposeHouse(address _next) external onlyHouse {
        require(_next != address(0));
        newHouse = _next;
        emit HouseProposed(_next);
    }

    function acceptHouse() external {
        require(msg.sender == newHouse);
        house = newHouse;
        newHouse = address(0);
        emit HouseChanged(house);
    }
}

/// Wheel with twelve sectors, pays eleven times the stake.
contract FortuneWheel is House {
    using SafeMath for uint;

    uint public constant SECTORS = 12;
    uint public constant PAYS = 11;
    uint public constant MIN_STAKE = 10 finney;
    uint public constant MAX_STAKE = 1 ether;
    uint public constant REVEAL_TIME = 1 days;

    struct Spin {
        bytes32 commitment;
        address player;
        uint stake;
        uint sector;
        uint salt;
        uint deadline;
        bool done;
    }

    Spin[] public spins;
    mapping(bytes32 => bool) public usedCommitment;
    uint public reserved;
    mapping(address => uint) public winnings;

    event SpinOffered(uint indexed id, bytes32 commitment);
    event SpinTaken(uint indexed id, address indexed player, uint sector, uint stake);
    event Spun(uint indexed id, address indexed player, uint sector, uint landed);
    event Forfeited(uint indexed id, address indexed player);
    event Funded(uint amount);
    event Collected(address indexed who, uint amount);

    constructor() public payable {
        emit Funded(msg.value);
    }

    function fund() external payable onlyHouse {
        emit Funded(msg.value);
    }

    // The house lays out spins in advance, each with the hash of a secret.
    function offer(bytes32 _commitment) external onlyHouse {
        require(_commitment != bytes32(0) && !usedCommitment[_commitment]);
        usedCommitment[_commitment] = true;
        uint id = spins.length++;
        spins[id].commitment = _commitment;
        emit SpinOffered(id, _commitment);
    }

    function spin(uint _id, uint _sector, uint _salt) external payable {
        require(_sector < SECTORS);
        require(msg.value >= MIN_STAKE && msg.value <= MAX_STAKE);
        require(address(this).balance >= reserved.add(msg.value * PAYS));
        require(_id < spins.length && spins[_id].player == address(0));

        Spin storage s = spins[_id];
        s.player = msg.sender;
        s.stake = msg.value;
        s.sector = _sector;
        s.salt = _salt;
        s.deadline = now + REVEAL_TIME;
        reserved = reserved.add(msg.value * PAYS);
        emit SpinTaken(_id, msg.sender, _sector, msg.value);
    }

    function reveal(uint _id, bytes32 _secret) external onlyHouse {
        Spin storage s = spins[_id];
        require(s.player != address(0) && !s.done && now <= s.deadline);
        require(keccak256(abi.encodePacked(_secret)) == s.commitment);
        s.done = true;
        uint landed = uint(keccak256(abi.encodePacked(_secret, s.salt, _id))) % SECTORS;
        if (landed == s.sector) {
            winnings[s.player] = winnings[s.player].add(s.stake * PAYS);
        } else {
            reserved = reserved.sub(s.stake * PAYS);
        }
        emit Spun(_id, s.player, s.sector, landed);
    }

    // A house that keeps silent has lost.
    function forfeit(uint _id) external {
        Spin storage s = spins[_id];
        require(s.player != address(0) && !s.done && now > s.deadline);
        s.done = true;
        winnings[s.player] = winnings[s.player].add(s.stake * PAYS);
        emit Forfeited(_id, s.player);
    }

    function collect() external {
        uint amount = winnings[msg.sender];
        require(amount > 0);
        winnings[msg.sender] = 0;
        reserved = reserved.sub(amount);
        msg.sender.transfer(amount);
        emit Collected(msg.sender, amount);
    }

    function takeProfit(uint _amount) external onlyHouse {
        require(_amount <= address(this).balance.sub(reserved));
        house.transfer(_amount);
        emit Collected(house, _amount);
    }
}
