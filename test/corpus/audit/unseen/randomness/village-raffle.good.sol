// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

interface IRandomBeacon {
    function request() external returns (bytes32 id);
}

/// @title Raffle of the village fair
/// @notice 80% of the sales go to the winner, the rest to the school roof.
contract VillageRaffle {
    uint256 public constant TICKET = 0.01 ether;
    uint256 public constant GRACE = 30 days;

    address payable public immutable school;
    uint256 public immutable closesAt;
    IRandomBeacon public immutable beacon;

    address payable[] private tickets;
    mapping(address => uint256) public held;
    mapping(address => uint256) public credit;
    address payable public winner;
    bytes32 public ticketOfDraw;

    event Bought(address indexed buyer, uint256 count);
    event Drawn(address indexed winner, uint256 number, uint256 prize);
    event Reclaimed(address indexed buyer, uint256 amount);
    event Paid(address indexed to, uint256 amount);

    constructor(address payable _school, uint256 _days, IRandomBeacon _beacon) public {
        require(_school != address(0), "school");
        require(_days >= 1 && _days <= 60, "days");
        require(address(_beacon) != address(0), "beacon");
        beacon = _beacon;
        school = _school;
        closesAt = block.timestamp + _days * 1 days;
    }

    function sold() external view returns (uint256) {
        return tickets.length;
    }

    function buy(uint256 count) external payable {
        require(block.timestamp < closesAt, "sale is over");
        require(count > 0 && count <= 20, "1 to 20 at once");
        require(msg.value == TICKET * count, "wrong amount");
        held[msg.sender] += count;
        for (uint256 i = 0; i < count; i++) {
            tickets.push(msg.sender);
        }
        emit Bought(msg.sender, count);
    }

    function draw() external {
        require(block.timestamp >= closesAt, "sale is running");
        require(block.timestamp < closesAt + GRACE, "raffle lapsed");
        require(ticketOfDraw == bytes32(0), "requested");
        require(tickets.length > 0, "no tickets");

        ticketOfDraw = beacon.request();
        require(ticketOfDraw != bytes32(0), "beacon failed");
    }

    function onRandomness(bytes32 id, uint256 value) external {
        require(msg.sender == address(beacon), "beacon only");
        require(id != bytes32(0) && id == ticketOfDraw, "unknown request");
        require(block.timestamp < closesAt + GRACE, "raffle lapsed");
        require(winner == address(0), "drawn");
        _award(value % tickets.length);
    }

    function _award(uint256 number) private {
        uint256 pot = tickets.length * TICKET;
        uint256 prize = (pot * 80) / 100;
        winner = tickets[number];
        credit[winner] += prize;
        credit[school] += pot - prize;
        emit Drawn(winner, number, prize);
    }

    /// @notice Buyers get their money back if nothing was drawn in time.
    function reclaim() external {
        require(block.timestamp >= closesAt + GRACE, "too early");
        require(winner == address(0), "drawn");
        uint256 amount = held[msg.sender] * TICKET;
        require(amount > 0, "no tickets");
        held[msg.sender] = 0;
        msg.sender.transfer(amount);
        emit Reclaimed(msg.sender, amount);
    }

    function collect() external {
        uint256 amount = credit[msg.sender];
        require(amount > 0, "nothing to collect");
        credit[msg.sender] = 0;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment failed");
        emit Paid(msg.sender, amount);
    }
}
