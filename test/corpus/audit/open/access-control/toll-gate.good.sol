// SPDX-License-Identifier: MIT
pragma solidity ^0.8.19;

/// @title Toll for a bridge road: drivers prepay, gates charge, the office collects
contract TollGate {
    uint256 public constant MAX_TOLL = 0.05 ether;

    address public office;
    address public operator;
    uint256 public toll = 0.001 ether;
    uint256 public collected;
    bool public raised;

    mapping(address => uint256) public prepaid;
    mapping(bytes32 => address) public plateOf;

    event Prepaid(address indexed driver, uint256 amount);
    event Charged(address indexed driver, bytes32 indexed plate, uint256 toll);
    event TollChanged(uint256 toll);
    event OperatorChanged(address indexed operator);
    event OfficeChanged(address indexed office);
    event Collected(address indexed to, uint256 amount);
    event BarrierMoved(bool raised);

    modifier staffOnly() {
        require(msg.sender == office || msg.sender == operator, "staff only");
        _;
    }

    modifier officeOnly() {
        require(msg.sender == office, "office only");
        _;
    }

    constructor(address operator_) {
        require(operator_ != address(0), "no operator");
        office = msg.sender;
        operator = operator_;
    }

    function registerPlate(bytes32 plate) external {
        require(plate != bytes32(0), "no plate");
        require(plateOf[plate] == address(0), "taken");
        plateOf[plate] = msg.sender;
    }

    function prepay() external payable {
        require(msg.value > 0, "nothing sent");
        prepaid[msg.sender] += msg.value;
        emit Prepaid(msg.sender, msg.value);
    }

    /// @notice A car has passed one of the gates.
    function charge(bytes32 plate) external staffOnly {
        address driver = plateOf[plate];
        require(driver != address(0), "unknown plate");
        uint256 due = raised ? 0 : toll;
        prepaid[driver] -= due;
        collected += due;
        emit Charged(driver, plate, due);
    }

    function setToll(uint256 next) external staffOnly {
        require(next <= MAX_TOLL, "too high");
        toll = next;
        emit TollChanged(next);
    }

    function moveBarrier(bool up) external staffOnly {
        raised = up;
        emit BarrierMoved(up);
    }

    function takeBack(uint256 amount) external {
        require(amount > 0, "nothing asked");
        prepaid[msg.sender] -= amount;
        _pay(msg.sender, amount);
    }

    function collect() external officeOnly {
        uint256 amount = collected;
        collected = 0;
        emit Collected(office, amount);
        _pay(office, amount);
    }

    function setOperator(address next) external officeOnly {
        require(next != address(0), "no operator");
        operator = next;
        emit OperatorChanged(next);
    }

    function moveOffice(address next) external officeOnly {
        require(next != address(0), "no office");
        office = next;
        emit OfficeChanged(next);
    }

    function _pay(address to, uint256 amount) private {
        (bool ok, ) = payable(to).call{value: amount}("");
        require(ok, "payment failed");
    }
}
