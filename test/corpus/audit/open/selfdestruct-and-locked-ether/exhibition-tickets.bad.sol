// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Tickets for the rooms of an exhibition
contract ExhibitionTickets {
    struct Room {
        uint96 price;
        uint32 capacity;
        uint32 sold;
        bool open;
    }

    uint256 public constant MAX_BATCH = 12;

    address public immutable gallery;
    uint256 public takings;
    Room[] private rooms;
    mapping(address => mapping(uint256 => uint256)) public ticketsOf;

    event RoomAdded(uint256 indexed room, uint96 price, uint32 capacity);
    event RoomToggled(uint256 indexed room, bool open);
    event Sold(address indexed visitor, uint256 indexed room);
    event TakingsCollected(uint256 amount);

    error NotGallery();
    error RoomClosed(uint256 room);
    error SoldOut(uint256 room);
    error WrongPayment();

    modifier onlyGallery() {
        if (msg.sender != gallery) revert NotGallery();
        _;
    }

    constructor() {
        gallery = msg.sender;
    }

    function addRoom(uint96 price, uint32 capacity) external onlyGallery {
        require(price > 0 && capacity > 0, "room");
        rooms.push(Room(price, capacity, 0, true));
        emit RoomAdded(rooms.length - 1, price, capacity);
    }

    function toggleRoom(uint256 room, bool open) external onlyGallery {
        rooms[room].open = open;
        emit RoomToggled(room, open);
    }

    function buy(uint256 room) external payable {
        uint256 price = _issue(msg.sender, room);
        if (msg.value != price) revert WrongPayment();
        takings += price;
    }

    /// @notice Buys one ticket for each of the rooms in one go.
    function buyTour(uint256[] calldata tour) external payable {
        uint256 count = tour.length;
        require(count > 0 && count <= MAX_BATCH, "batch");
        uint256 sum;
        for (uint256 i = 0; i < count; i++) {
            uint256 price = _issue(msg.sender, tour[i]);
            if (msg.value < price) revert WrongPayment(); // <-- selfdestruct-and-locked-ether
            sum = price > sum ? price : sum;
        }
        takings += msg.value;
        if (msg.value > sum) {
            uint256 change = msg.value - sum;
            takings -= change;
            (bool ok, ) = msg.sender.call{value: change}("");
            require(ok, "change failed");
        }
    }

    function collect(address payable to) external onlyGallery {
        require(to != address(0), "to");
        uint256 amount = takings;
        takings = 0;
        emit TakingsCollected(amount);
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "transfer failed");
    }

    function roomInfo(uint256 room) external view returns (Room memory) {
        return rooms[room];
    }

    function _issue(address visitor, uint256 room) private returns (uint256) {
        Room storage r = rooms[room];
        if (!r.open) revert RoomClosed(room);
        if (r.sold >= r.capacity) revert SoldOut(room);
        r.sold += 1;
        ticketsOf[visitor][room] += 1;
        emit Sold(visitor, room);
        return r.price;
    }
}
