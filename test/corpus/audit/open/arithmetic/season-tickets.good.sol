// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// @title Seat counter shared by the venues of the association
contract SeatCounter {
    uint16 public immutable capacity;
    uint16 public sold;

    event SeatsTaken(address indexed buyer, uint16 count, uint16 sold);

    constructor(uint16 capacity_) public {
        require(capacity_ > 0 && capacity_ <= 60000, "capacity out of range");
        capacity = capacity_;
    }

    function _take(address buyer, uint16 count) internal {
        require(count > 0, "no seats");
        require(uint256(sold) + count <= capacity, "sold out");
        sold += count;
        emit SeatsTaken(buyer, count, sold);
    }

    function available() public view returns (uint16) {
        return capacity - sold;
    }
}

/// @title Season tickets of a football club
contract SeasonTickets is SeatCounter {
    address payable public immutable club;
    uint256 public immutable price;
    uint256 public immutable saleEnd;

    mapping(address => uint256) public seatsOf;
    mapping(address => mapping(uint256 => bool)) public admitted;

    event Admitted(address indexed holder, uint256 indexed matchDay);
    event Banked(uint256 amount);

    modifier onlyClub() {
        require(msg.sender == club, "only the club");
        _;
    }

    constructor(uint16 capacity_, uint256 price_, uint256 saleDays) public SeatCounter(capacity_) {
        require(price_ > 0 && price_ <= 100 ether, "price out of range");
        require(saleDays >= 7 && saleDays <= 365, "sale period out of range");
        club = msg.sender;
        price = price_;
        saleEnd = block.timestamp + saleDays * 1 days;
    }

    function buy(uint16 count) external payable {
        require(block.timestamp < saleEnd, "sale is over");
        // a 16 bit count times at most 100 ether
        require(msg.value == uint256(count) * price, "wrong payment");
        _take(msg.sender, count);
        seatsOf[msg.sender] += count;
    }

    function give(address to, uint256 count) external {
        require(to != address(0) && to != msg.sender, "bad receiver");
        require(seatsOf[msg.sender] >= count, "not enough seats");
        seatsOf[msg.sender] -= count;
        seatsOf[to] += count;
    }

    /// @notice The gate marks a holder as admitted for one day of the season.
    function admit(address holder, uint256 matchDay) external onlyClub {
        require(seatsOf[holder] > 0, "no seat");
        require(!admitted[holder][matchDay], "already inside");
        admitted[holder][matchDay] = true;
        emit Admitted(holder, matchDay);
    }

    function bank() external onlyClub {
        uint256 amount = address(this).balance;
        emit Banked(amount);
        (bool ok, ) = club.call{value: amount}("");
        require(ok, "payment refused");
    }
}
