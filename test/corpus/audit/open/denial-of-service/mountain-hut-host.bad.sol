// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

/**
 * @title MountainHutHost
 * @dev The host of the hut is whoever pays more than the last one did. The last host gets the
 * new fee, less one percent for the upkeep of the path.
 */
contract MountainHutHost {
    struct Tenure {
        address host;
        uint256 fee;
        uint256 since;
    }

    address payable public upkeep;
    address payable public host;
    uint256 public fee;
    uint256 public tenureCount;
    uint256 public upkeepDue;
    mapping(uint256 => Tenure) public tenures;
    mapping(address => uint256) public due;
    string public greeting;

    event HostChanged(address indexed host, uint256 fee);
    event GreetingChanged(address indexed host, string greeting);
    event UpkeepDrawn(uint256 amount);
    event DueDrawn(address indexed to, uint256 amount);

    modifier onlyHost() {
        require(msg.sender == host, "host only");
        _;
    }

    constructor(address payable upkeep_, uint256 firstFee) public {
        require(upkeep_ != address(0), "no upkeep address");
        require(firstFee > 0, "no fee");
        upkeep = upkeep_;
        host = upkeep_;
        fee = firstFee;
    }

    function nextFee() public view returns (uint256) {
        return fee + fee / 10 + 1;
    }

    function becomeHost() external payable {
        require(msg.value >= nextFee(), "fee too low");
        require(msg.sender != host, "is host");
        address payable leaving = host;
        uint256 cut = msg.value / 100;
        uint256 payout = msg.value - cut;

        host = msg.sender;
        fee = msg.value;
        upkeepDue += cut;
        tenureCount += 1;
        tenures[tenureCount] = Tenure(msg.sender, msg.value, now);
        emit HostChanged(msg.sender, msg.value);

        _compensate(leaving, payout);
    }

    function setGreeting(string calldata text) external onlyHost {
        require(bytes(text).length <= 140, "too long");
        greeting = text;
        emit GreetingChanged(msg.sender, text);
    }

    function drawUpkeep() external {
        require(msg.sender == upkeep, "upkeep only");
        uint256 amount = upkeepDue;
        upkeepDue = 0;
        emit UpkeepDrawn(amount);
        upkeep.transfer(amount);
    }

    function drawDue() external {
        uint256 amount = due[msg.sender];
        require(amount > 0, "nothing due");
        due[msg.sender] = 0;
        emit DueDrawn(msg.sender, amount);
        msg.sender.transfer(amount);
    }

    function _compensate(address payable leaving, uint256 amount) internal {
        (bool ok, ) = leaving.call.value(amount)(""); // <-- denial-of-service
        require(ok, "compensation failed");
    }
}
