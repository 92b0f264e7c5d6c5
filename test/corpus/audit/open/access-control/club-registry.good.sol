// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

contract ClubRoles {
    address public secretary;
    mapping(address => bool) internal stewards;

    event SecretaryChanged(address indexed previous, address indexed next);
    event StewardChanged(address indexed steward, bool enabled);

    modifier onlySecretary() {
        require(msg.sender == secretary, "secretary only");
        _;
    }

    modifier onlySteward() {
        require(stewards[msg.sender], "steward only");
        _;
    }

    constructor() public {
        _appoint(msg.sender);
    }

    function handOver(address next) external onlySecretary {
        _appoint(next);
    }

    function setSteward(address steward, bool enabled) external onlySecretary {
        require(steward != address(0), "no steward");
        stewards[steward] = enabled;
        emit StewardChanged(steward, enabled);
    }

    function isSteward(address who) public view returns (bool) {
        return stewards[who];
    }

    function _appoint(address next) internal {
        require(next != address(0), "no secretary");
        emit SecretaryChanged(secretary, next);
        secretary = next;
    }
}

/// @title Sports club with prepaid credit for court hours
contract ClubRegistry is ClubRoles {
    uint256 public constant HOUR_PRICE = 0.02 ether;

    mapping(address => uint256) public hoursLeft;
    mapping(address => bytes32) public cardOf;
    uint256 public taken;

    event HoursBought(address indexed player, uint256 count);
    event HoursUsed(address indexed player, uint256 count);
    event CardSet(address indexed player, bytes32 card);
    event Collected(address indexed to, uint256 amount);

    function buyHours(uint256 count) external payable {
        require(count > 0 && count <= 100, "count");
        require(msg.value == count * HOUR_PRICE, "price");
        taken += msg.value;
        _addHours(msg.sender, count);
        emit HoursBought(msg.sender, count);
    }

    function grantHours(address player, uint256 count) external onlySteward {
        require(player != address(0), "no player");
        require(count > 0 && count <= 10, "count");
        _addHours(player, count);
        emit HoursBought(player, count);
    }

    /// @dev called by the desk when a player comes in
    function checkIn(address player, uint256 count) external onlySteward {
        require(hoursLeft[player] >= count, "not enough hours");
        hoursLeft[player] -= count;
        emit HoursUsed(player, count);
    }

    function setCard(bytes32 card) external {
        cardOf[msg.sender] = card;
        emit CardSet(msg.sender, card);
    }

    function collect() external onlySecretary {
        uint256 amount = taken;
        taken = 0;
        emit Collected(msg.sender, amount);
        msg.sender.transfer(amount);
    }

    function _addHours(address player, uint256 count) private {
        uint256 sum = hoursLeft[player] + count;
        require(sum >= count, "overflow");
        hoursLeft[player] = sum;
    }
}
