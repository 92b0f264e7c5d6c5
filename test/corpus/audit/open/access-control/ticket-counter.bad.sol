// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

contract Stoppable {
    address public manager;
    bool public stopped;

    event Stopped(address indexed by);
    event Resumed(address indexed by);

    constructor() internal {
        manager = msg.sender;
    }

    modifier onlyManager() {
        require(isManager(), "manager only");
        _;
    }

    modifier whenRunning() {
        require(!stopped, "stopped");
        _;
    }

    function isManager() public view returns (bool) {
        return msg.sender == manager;
    }

    function stop() public onlyManager whenRunning {
        stopped = true;
        emit Stopped(msg.sender);
    }

    function resume() public { // <-- access-control
        require(stopped, "running");
        stopped = false;
        emit Resumed(msg.sender);
    }
}

/// @title Counter that sells tickets of one show
contract TicketCounter is Stoppable {
    uint256 public constant PER_BUYER = 6;

    uint256 public price;
    uint256 public seats;
    uint256 public sold;
    uint256 public income;
    mapping(address => uint256) public ticketsOf;
    mapping(address => uint256) public admitted;
    mapping(address => bool) public doormen;

    event Sold(address indexed buyer, uint256 count);
    event Admitted(address indexed visitor, uint256 count);
    event DoormanSet(address indexed doorman, bool enabled);
    event PriceSet(uint256 price);
    event Banked(address indexed to, uint256 amount);

    constructor(uint256 price_, uint256 seats_) public {
        require(price_ > 0 && price_ <= 10 ether, "price");
        require(seats_ > 0 && seats_ <= 5000, "seats");
        price = price_;
        seats = seats_;
    }

    function buy(uint256 count) external payable whenRunning {
        require(count > 0 && count <= PER_BUYER, "count");
        require(ticketsOf[msg.sender] + count <= PER_BUYER, "too many");
        require(sold + count <= seats, "sold out");
        require(msg.value == count * price, "wrong payment");
        ticketsOf[msg.sender] += count;
        sold += count;
        income += msg.value;
        emit Sold(msg.sender, count);
    }

    function admit(address visitor, uint256 count) external whenRunning {
        require(doormen[msg.sender], "doorman only");
        require(count > 0 && count <= PER_BUYER, "count");
        require(admitted[visitor] + count <= ticketsOf[visitor], "no tickets left");
        admitted[visitor] += count;
        emit Admitted(visitor, count);
    }

    function setDoorman(address doorman, bool enabled) external onlyManager {
        require(doorman != address(0), "no doorman");
        doormen[doorman] = enabled;
        emit DoormanSet(doorman, enabled);
    }

    /// @notice The price only moves while nothing is sold.
    function setPrice(uint256 next) external { // <-- access-control
        require(stopped, "stop first");
        require(next > 0 && next <= 10 ether, "price");
        price = next;
        emit PriceSet(next);
    }

    function bank(address payable to) external onlyManager {
        require(to != address(0), "no receiver");
        uint256 amount = income;
        income = 0;
        emit Banked(to, amount);
        to.transfer(amount);
    }
}
