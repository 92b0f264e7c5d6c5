// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

interface IWheelBeacon {
    /// @return the id of a request; the beacon calls `answer` with it when it has the number
    function request() external returns (uint256);
}

/// @title Ten ether for those whom the wheel favours, from the stakes of all
contract CopperWheel {
    uint256 public constant STAKE = 1 ether;
    uint256 public constant PRIZE = 10 ether;

    address public owner;
    uint256 public lastSpin;
    uint256 public owed;
    mapping(address => uint256) public prizes;
    IWheelBeacon public beacon;
    mapping(uint256 => address) public playerOf;

    event Spun(address indexed who, bool won);
    event Collected(address indexed who, uint256 amount);
    event Funded(uint256 amount);

    modifier onlyOwner() {
        require(msg.sender == owner, "owner");
        _;
    }

    constructor(IWheelBeacon beacon_) public payable {
        beacon = beacon_;
        owner = msg.sender;
    }

    function fund() external payable onlyOwner {
        emit Funded(msg.value);
    }

    function spin() external payable {
        require(msg.value == STAKE, "stake");
        require(address(this).balance >= owed + PRIZE, "empty");
        lastSpin = block.number;
        owed += PRIZE;
        playerOf[beacon.request()] = msg.sender;
    }

    function answer(uint256 id, uint256 number) external {
        require(msg.sender == address(beacon), "beacon");
        address player = playerOf[id];
        require(player != address(0), "request");
        playerOf[id] = address(0);
        bool won = number % 15 == 0;
        if (won) prizes[player] += PRIZE;
        else owed -= PRIZE;
        emit Spun(player, won);
    }

    function collect() external {
        uint256 amount = prizes[msg.sender];
        require(amount > 0, "nothing");
        prizes[msg.sender] = 0;
        owed -= amount;
        emit Collected(msg.sender, amount);
        msg.sender.transfer(amount);
    }

    function isOpen() external view returns (bool) {
        return address(this).balance >= owed + PRIZE;
    }

    function withdraw(uint256 amount) external onlyOwner {
        require(amount <= address(this).balance, "balance");
        require(address(this).balance - amount >= owed, "owed");
        msg.sender.transfer(amount);
    }
}
