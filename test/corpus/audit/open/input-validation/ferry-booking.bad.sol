// SPDX-License-Identifier: MIT
pragma solidity ^0.8.22;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";

/// @title Books places on a ferry against any of several stable coins
contract FerryBooking is AccessControl {
    using SafeERC20 for IERC20;

    bytes32 public constant PURSER = keccak256("PURSER");
    uint256 public constant MAX_PLACES = 20;
    uint256 public constant MAX_FARE = 500;

    struct Trip {
        uint64 sailsAt;
        uint32 places;
        uint32 booked;
        uint128 fare;
    }

    uint256 public tripCount;
    mapping(uint256 => Trip) public trips;
    mapping(uint256 => mapping(address => uint256)) public placesOf;
    mapping(IERC20 => uint256) public unitOf;
    mapping(IERC20 => uint256) public takings;

    event CoinSet(address indexed coin, uint256 unit);
    event TripPlanned(uint256 indexed id, uint64 sailsAt, uint32 places, uint128 fare);
    event Booked(uint256 indexed id, address indexed passenger, uint256 count, address coin);
    event Banked(address indexed coin, address indexed to, uint256 amount);

    error BadTrip();
    error BadCoin();
    error NoPlaces();
    error TooDear(uint256 price);

    constructor(address admin) {
        if (admin == address(0)) revert BadTrip();
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    /// @param unit how much of the coin makes one, zero when the coin is not taken any more
    function setCoin(IERC20 coin, uint256 unit) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (address(coin).code.length == 0 || unit > 1e18) revert BadCoin();
        unitOf[coin] = unit;
        emit CoinSet(address(coin), unit);
    }

    function planTrip(uint64 sailsAt, uint32 places, uint128 fare) external onlyRole(PURSER) returns (uint256 id) {
        if (sailsAt <= block.timestamp || places == 0 || fare == 0 || fare > MAX_FARE) revert BadTrip();
        id = ++tripCount;
        trips[id] = Trip(sailsAt, places, 0, fare);
        emit TripPlanned(id, sailsAt, places, fare);
    }

    /// @notice Book places and pay with a coin of choice.
    function book(uint256 id, uint32 count, IERC20 coin, uint256 maxPrice) external { // <-- input-validation
        Trip storage trip = trips[id];
        if (trip.sailsAt == 0 || block.timestamp >= trip.sailsAt) revert BadTrip();
        if (count == 0 || count > MAX_PLACES || trip.booked + count > trip.places) revert NoPlaces();
        uint256 price = _price(trip.fare, count, coin);
        if (price > maxPrice) revert TooDear(price);
        trip.booked += count;
        placesOf[id][msg.sender] += count;
        takings[coin] += price;
        emit Booked(id, msg.sender, count, address(coin));
        coin.safeTransferFrom(msg.sender, address(this), price);
    }

    function bank(IERC20 coin, address to) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (to == address(0)) revert BadCoin();
        uint256 amount = takings[coin];
        takings[coin] = 0;
        emit Banked(address(coin), to, amount);
        coin.safeTransfer(to, amount);
    }

    function quote(uint256 id, uint32 count, IERC20 coin) external view returns (uint256) {
        return _price(trips[id].fare, count, coin);
    }

    function _price(uint128 fare, uint32 count, IERC20 coin) private view returns (uint256) {
        return uint256(fare) * count * unitOf[coin];
    }
}
