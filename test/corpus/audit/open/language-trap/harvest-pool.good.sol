// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// Farmers pool a part of the harvest income; the steward pays out help.
contract HarvestPool {
    struct Farmer {
        bool admitted;
        uint256 paidIn;
        uint256 helped;
    }

    address public steward;
    uint256 public helpLimit;
    mapping(address => Farmer) public farmers;

    event Admitted(address indexed farmer);
    event PaidIn(address indexed farmer, uint256 amount);
    event Helped(address indexed farmer, uint256 amount);
    event LimitChanged(uint256 limit);

    modifier onlySteward() {
        require(msg.sender == steward, "only the steward");
        _;
    }

    constructor(uint256 limit) public {
        require(limit > 0, "limit");
        steward = msg.sender;
        helpLimit = limit;
    }

    function admit(address farmer) external onlySteward {
        require(farmer != address(0) && !farmers[farmer].admitted, "farmer");
        farmers[farmer].admitted = true;
        emit Admitted(farmer);
    }

    function payIn() external payable {
        Farmer storage farmer = farmers[msg.sender];
        require(farmer.admitted && msg.value > 0, "not admitted");
        farmer.paidIn += msg.value;
        emit PaidIn(msg.sender, msg.value);
    }

    function changeLimit(uint256 limit) external onlySteward {
        require(limit > 0, "limit");
        helpLimit = limit;
        emit LimitChanged(limit);
    }

    function help(address person, uint256 amount) external onlySteward {
        Farmer storage farmer = farmers[person];
        require(farmer.admitted, "not admitted");
        require(amount <= helpLimit, "over the limit");
        require(farmer.helped + amount >= amount, "overflow");
        require(farmer.helped + amount <= 3 * farmer.paidIn, "helped enough");
        farmer.helped += amount;
        emit Helped(person, amount);
        person.transfer(amount);
    }

    function reserves() external view returns (uint256) {
        return address(this).balance;
    }
}
