// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @title Tips for couriers, shared out per trip
contract CourierTips is Ownable {
    struct Trip {
        address courier;
        uint96 tips;
        bool closed;
    }

    uint256 public constant MAX_TRIPS = 20;

    mapping(uint256 => Trip) public trips;
    mapping(address => uint256) public payable_;
    uint256 public lastTrip;

    event TripStarted(uint256 indexed trip, address indexed courier);
    event Tipped(uint256 indexed trip, uint256 amount);
    event TripClosed(uint256 indexed trip, uint256 tips);
    event Collected(address indexed courier, uint256 amount);

    constructor() Ownable(msg.sender) {}

    function startTrip(address courier) external onlyOwner returns (uint256 trip) {
        require(courier != address(0), "courier");
        trip = ++lastTrip;
        trips[trip].courier = courier;
        emit TripStarted(trip, courier);
    }

    function tip(uint256 trip) external payable {
        _credit(trip, msg.value);
    }

    /// @notice Tips every trip in the list with the same amount.
    function tipMany(uint256[] calldata list) external payable {
        require(list.length > 0 && list.length <= MAX_TRIPS, "list");
        uint256 i;
        while (i < list.length) {
            _credit(list[i], msg.value); // <-- selfdestruct-and-locked-ether
            unchecked { ++i; }
        }
    }

    function closeTrip(uint256 trip) external {
        Trip storage t = trips[trip];
        require(msg.sender == t.courier, "not the courier");
        require(!t.closed, "closed");
        t.closed = true;
        uint96 tips = t.tips;
        t.tips = 0;
        payable_[msg.sender] += tips;
        emit TripClosed(trip, tips);
    }

    function collect() external {
        uint256 amount = payable_[msg.sender];
        require(amount > 0, "nothing");
        payable_[msg.sender] = 0;
        emit Collected(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "transfer failed");
    }

    function _credit(uint256 trip, uint256 amount) internal {
        Trip storage t = trips[trip];
        require(t.courier != address(0) && !t.closed, "no such trip");
        require(amount > 0 && amount <= type(uint96).max, "amount");
        t.tips += uint96(amount);
        emit Tipped(trip, amount);
    }
}
