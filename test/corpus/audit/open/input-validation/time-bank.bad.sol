// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

/// @title Neighbours swap hours of help, one hour each is given at the start
contract TimeBank {
    struct Neighbour {
        bool joined;
        uint256 minutesLeft;
        uint256 given;
        uint256 received;
    }

    uint256 public constant START = 600;
    uint256 public constant MAX_DONATION = 6000;

    address public host;
    uint256 public inCirculation;
    uint256 public pool;
    mapping(address => Neighbour) public neighbours;
    mapping(bytes32 => bool) public usedNotes;

    event Joined(address indexed who);
    event Passed(address indexed from, address indexed to, uint256 amount, bytes32 note);
    event Donated(address indexed from, uint256 amount);
    event Granted(address indexed to, uint256 amount);
    event HostChanged(address indexed next);

    modifier onlyHost() {
        require(msg.sender == host, "host only");
        _;
    }

    modifier onlyNeighbour() {
        require(neighbours[msg.sender].joined, "join first");
        _;
    }

    constructor() public {
        host = msg.sender;
    }

    /// @dev the host has met each of them
    function welcome(address who) external onlyHost {
        require(who != address(0), "nobody");
        require(!neighbours[who].joined, "joined before");
        neighbours[who] = Neighbour(true, START, 0, 0);
        inCirculation = inCirculation + START;
        emit Joined(who);
    }

    /// @notice Pay for help that was given.
    function pass(address to, uint256 amount, bytes32 note) external onlyNeighbour {
        require(amount > 0, "nothing passed");
        bytes32 key = keccak256(abi.encode(msg.sender, note));
        require(!usedNotes[key], "note used");
        usedNotes[key] = true;
        _pass(msg.sender, to, amount);
        emit Passed(msg.sender, to, amount, note);
    }

    function donate(uint256 amount) external onlyNeighbour {
        require(amount > 0 && amount <= MAX_DONATION, "amount");
        Neighbour storage who = neighbours[msg.sender];
        require(who.minutesLeft >= amount, "too little");
        who.minutesLeft = who.minutesLeft - amount;
        pool = pool + amount;
        emit Donated(msg.sender, amount);
    }

    function grant(address to, uint256 amount) external onlyHost {
        require(neighbours[to].joined, "not a neighbour");
        require(amount > 0 && amount <= pool, "amount");
        pool = pool - amount;
        neighbours[to].minutesLeft = neighbours[to].minutesLeft + amount;
        emit Granted(to, amount);
    }

    function changeHost(address next) external onlyHost {
        require(next != address(0), "no host");
        host = next;
        emit HostChanged(next);
    }

    function _pass(address from, address to, uint256 amount) private { // <-- input-validation
        require(neighbours[to].joined, "not a neighbour");
        uint256 fromLeft = neighbours[from].minutesLeft;
        uint256 toLeft = neighbours[to].minutesLeft;
        require(fromLeft >= amount, "too little");
        require(toLeft + amount >= toLeft, "overflow");
        neighbours[from].minutesLeft = fromLeft - amount;
        neighbours[to].minutesLeft = toLeft + amount;
        neighbours[from].received += amount;
        neighbours[to].given += amount;
    }
}
