// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;
pragma experimental ABIEncoderV2;

/// @title Taxi rides: a rider prepays, the driver draws the fare that the rider has signed
contract TaxiMeter {
    struct Fare {
        address rider;
        uint256 ride;
        uint256 amount;
    }

    uint256 public constant NOTICE = 1 days;

    address public dispatcher;
    mapping(address => bool) public drivers;
    mapping(address => uint256) public balanceOf;
    mapping(address => uint256) public leavingAt;
    mapping(address => uint256) public earned;
    mapping(bytes32 => bool) public drawn;

    event DriverSet(address indexed driver, bool enabled);
    event Prepaid(address indexed rider, uint256 amount);
    event Leaving(address indexed rider, uint256 at);
    event FareDrawn(address indexed driver, address indexed rider, uint256 ride, uint256 amount);
    event PaidOut(address indexed to, uint256 amount);

    modifier onlyDriver() {
        require(drivers[msg.sender], "driver only");
        _;
    }

    constructor() public {
        dispatcher = msg.sender;
    }

    function setDriver(address driver, bool enabled) external {
        require(msg.sender == dispatcher, "dispatcher only");
        require(driver != address(0), "no driver");
        drivers[driver] = enabled;
        emit DriverSet(driver, enabled);
    }

    function prepay() external payable {
        require(msg.value > 0, "nothing sent");
        balanceOf[msg.sender] += msg.value;
        leavingAt[msg.sender] = 0;
        emit Prepaid(msg.sender, msg.value);
    }

    function announce() external {
        leavingAt[msg.sender] = block.timestamp + NOTICE;
        emit Leaving(msg.sender, leavingAt[msg.sender]);
    }

    function leave() external {
        require(leavingAt[msg.sender] != 0 && block.timestamp >= leavingAt[msg.sender], "announce first");
        uint256 amount = balanceOf[msg.sender];
        balanceOf[msg.sender] = 0;
        leavingAt[msg.sender] = 0;
        emit PaidOut(msg.sender, amount);
        msg.sender.transfer(amount);
    }

    /// @notice Draw the fare of a ride that the rider has signed for this driver.
    function draw(Fare memory fare, uint8 v, bytes32 r, bytes32 s) public onlyDriver {
        bytes32 key = fareKey(fare, msg.sender);
        require(!drawn[key], "drawn before");
        require(fare.amount > 0 && balanceOf[fare.rider] >= fare.amount, "amount");
        require(recovered(key, v, r, s) == fare.rider, "not signed");
        drawn[key] = true;
        balanceOf[fare.rider] -= fare.amount;
        earned[msg.sender] += fare.amount;
        emit FareDrawn(msg.sender, fare.rider, fare.ride, fare.amount);
    }

    function payOut() external {
        uint256 amount = earned[msg.sender];
        require(amount > 0, "nothing earned");
        earned[msg.sender] = 0;
        emit PaidOut(msg.sender, amount);
        msg.sender.transfer(amount);
    }

    function fareKey(Fare memory fare, address driver) public view returns (bytes32) {
        uint256 chain;
        assembly {
            chain := chainid()
        }
        return keccak256(abi.encode(chain, address(this), driver, fare.rider, fare.ride, fare.amount));
    }

    function recovered(bytes32 key, uint8 v, bytes32 r, bytes32 s) internal pure returns (address signer) {
        require(v == 27 || v == 28, "bad v");
        require(uint256(s) <= 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0, "bad s");
        bytes32 digest = keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", key));
        signer = ecrecover(digest, v, r, s);
        require(signer != address(0), "bad signature");
    }
}
