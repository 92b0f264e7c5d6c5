// SPDX-License-Identifier: MIT
pragma solidity ^0.8.19;

/// @title Houses of the guild, one for every founder, with a chest of ether that members draw from
contract GuildHouses {
    struct House {
        bytes32 name;
        uint64 foundedAt;
        uint32 memberCount;
        uint128 chest;
        mapping(address => uint128) mayDraw;
    }

   mapping(address => mapping(uint256 => House)) private _houses;
   mapping(address => uint256) public closures;
    uint256 public chests;

    event Founded(address indexed founder, bytes32 name);
    event Closed(address indexed founder);
    event Filled(address indexed founder, address indexed by, uint256 amount);
    event Granted(address indexed founder, address indexed member, uint128 limit);
    event Drawn(address indexed founder, address indexed member, uint128 amount);

    error AlreadyFounded();
    error NoHouse(address founder);
    error NoName();
    error TooMuch(uint256 amount);
    error PaymentFailed();

    function found(bytes32 name) external payable {
        House storage house = _houseOf(msg.sender);
        if (house.foundedAt != 0) revert AlreadyFounded();
        if (name == bytes32(0)) revert NoName();
        house.name = name;
        house.foundedAt = uint64(block.timestamp);
        emit Founded(msg.sender, name);
        if (msg.value > 0) _fill(msg.sender, house);
    }

    /// @notice Anyone may put something into a chest.
    function fill(address founder) external payable {
        House storage house = _existing(founder);
        _fill(founder, house);
    }

    /// @notice The founder lets a member draw up to an amount.
    function grant(address member, uint128 limit) external {
        House storage house = _existing(msg.sender);
        uint128 before = house.mayDraw[member];
        if (before == 0 && limit > 0) house.memberCount += 1;
        if (before > 0 && limit == 0) house.memberCount -= 1;
        house.mayDraw[member] = limit;
        emit Granted(msg.sender, member, limit);
    }

    function draw(address founder, uint128 amount) external {
        House storage house = _existing(founder);
        uint128 limit = house.mayDraw[msg.sender];
        if (amount == 0 || amount > limit || amount > house.chest) revert TooMuch(amount);
        house.mayDraw[msg.sender] = limit - amount;
        if (limit == amount && house.memberCount > 0) house.memberCount -= 1;
        house.chest -= amount;
        chests -= amount;
        emit Drawn(founder, msg.sender, amount);
        _pay(amount);
    }

    /// @notice Closes the founder's house, who may found another one later, with other members.
    function close() external {
        House storage house = _existing(msg.sender);
        uint256 rest = house.chest;
        chests -= rest;
       house.chest = 0;
       closures[msg.sender] += 1;
        emit Closed(msg.sender);
        _pay(rest);
    }

    function houseOf(address founder) external view returns (bytes32, uint64, uint32, uint128) {
        House storage house = _houseOf(founder);
        return (house.name, house.foundedAt, house.memberCount, house.chest);
    }

    function limitOf(address founder, address member) external view returns (uint128) {
        return _houseOf(founder).mayDraw[member];
    }

    function _houseOf(address founder) private view returns (House storage) {
       return _houses[founder][closures[founder]];
    }

    function _existing(address founder) private view returns (House storage house) {
        house = _houseOf(founder);
        if (house.foundedAt == 0) revert NoHouse(founder);
    }

    function _fill(address founder, House storage house) private {
        if (msg.value == 0 || msg.value > type(uint128).max) revert TooMuch(msg.value);
        house.chest += uint128(msg.value);
        chests += msg.value;
        emit Filled(founder, msg.sender, msg.value);
    }

    function _pay(uint256 amount) private {
        (bool ok, ) = msg.sender.call{value: amount}("");
        if (!ok) revert PaymentFailed();
    }
}
