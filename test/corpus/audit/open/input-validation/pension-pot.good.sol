// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

abstract contract Lockable {
    bool private _entered;

    modifier lock() {
        require(!_entered, "entered");
        _entered = true;
        _;
        _entered = false;
    }

    function _send(address payable to, uint256 amount) internal {
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "payment failed");
    }
}

/// @title A pot that an employer fills and that is paid out in monthly parts
contract PensionPot is Lockable {
    struct Pot {
        address employer;
        address payable beneficiary;
        uint256 left;
        uint256 part;
        uint256 nextAt;
    }

    uint256 public constant MONTH = 30 days;

    uint256 public potCount;
    mapping(uint256 => Pot) public pots;

    event Filled(uint256 indexed id, address indexed employer, address indexed beneficiary, uint256 amount);
    event ToppedUp(uint256 indexed id, uint256 amount);
    event PartPaid(uint256 indexed id, uint256 amount);
    event Renamed(uint256 indexed id, address indexed beneficiary);

    modifier known(uint256 id) {
        require(id > 0 && id <= potCount, "no such pot");
        _;
    }

    /// @param months how many parts the pot is split into
    function fill(address payable beneficiary, uint256 months, uint256 startAt) external payable returns (uint256 id) {
        require(msg.value > 0, "nothing sent");
        require(beneficiary != address(0) && beneficiary != address(this), "no beneficiary");
        require(months > 0 && months <= 480, "months");
        require(startAt >= block.timestamp && startAt <= block.timestamp + 3650 days, "start");
        require(msg.value >= months, "too small");
        potCount = potCount + 1;
        id = potCount;
        pots[id] = Pot(msg.sender, beneficiary, msg.value, msg.value / months, startAt);
        emit Filled(id, msg.sender, beneficiary, msg.value);
    }

    function topUp(uint256 id) external payable known(id) {
        Pot storage pot = pots[id];
        require(msg.value > 0, "nothing sent");
        require(pot.left > 0, "paid out");
        pot.left = pot.left + msg.value;
        emit ToppedUp(id, msg.value);
    }

    /// @notice Hand the claim to another account, for instance after a lost key is noticed.
    function rename(uint256 id, address payable next) external known(id) {
        Pot storage pot = pots[id];
        require(msg.sender == pot.beneficiary, "beneficiary only");
        require(next != pot.beneficiary && next != address(0) && next != address(this), "no beneficiary");
        pot.beneficiary = next;
        emit Renamed(id, next);
    }

    /// @notice Anybody may trigger a part that is due.
    function payPart(uint256 id) external known(id) lock {
        Pot storage pot = pots[id];
        require(pot.left > 0, "paid out");
        require(block.timestamp >= pot.nextAt, "not yet due");
        uint256 amount = pot.part < pot.left ? pot.part : pot.left;
        pot.left = pot.left - amount;
        pot.nextAt = pot.nextAt + MONTH;
        emit PartPaid(id, amount);
        _send(pot.beneficiary, amount);
    }

    function monthsLeft(uint256 id) external view known(id) returns (uint256) {
        Pot storage pot = pots[id];
        return (pot.left + pot.part - 1) / pot.part;
    }
}
