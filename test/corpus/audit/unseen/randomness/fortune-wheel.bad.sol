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

    uint private seed;
    uint public spins;
    uint public reserved;
    mapping(address => uint) public winnings;

    event Spun(uint indexed id, address indexed player, uint sector, uint landed);
    event Funded(uint amount);
    event Collected(address indexed who, uint amount);

    constructor(uint _seed) public payable {
        seed = _seed;
        emit Funded(msg.value);
    }

    function fund() external payable onlyHouse {
        emit Funded(msg.value);
    }

    function spin(uint _sector) external payable returns (uint landed) {
        require(_sector < SECTORS);
        require(msg.value >= MIN_STAKE && msg.value <= MAX_STAKE);
        require(address(this).balance >= reserved.add(msg.value * PAYS));

        spins = spins.add(1);
        seed = uint(keccak256(abi.encodePacked(seed, msg.sender, spins))); // <-- randomness
        landed = seed % SECTORS;
        if (landed == _sector) {
            uint prize = msg.value * PAYS;
            reserved = reserved.add(prize);
            winnings[msg.sender] = winnings[msg.sender].add(prize);
        }
        emit Spun(spins, msg.sender, _sector, landed);
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
