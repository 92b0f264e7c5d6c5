// SPDX-License-Identifier: MIT
pragma solidity ^0.8.21;

/// @title Dispatch desk of a parcel depot
contract DepotDispatch {
    enum State { Unknown, Stored, OnTheWay, Delivered }

    struct Parcel {
        State state;
        address sender;
        address recipient;
        uint96 onDelivery;
    }

    address public immutable company;
    mapping(address => bool) public drivers;
    mapping(bytes32 => Parcel) public parcels;
    mapping(address => uint256) public credit;

    event DriverSet(address indexed driver, bool active);
    event Stored(bytes32 indexed id, address indexed recipient);
    event Left(bytes32 indexed id, address indexed driver);
    event Delivered(bytes32 indexed id);

    error NotDriver(address account);
    error WrongState(State state);

    modifier onlyDriver() {
        if (!drivers[msg.sender]) {
            revert NotDriver(msg.sender);
        }
        _;
    }

    constructor() {
        company = msg.sender;
    }

    function setDriver(address driver, bool active) external {
        require(msg.sender == company, "company");
        drivers[driver] = active;
        emit DriverSet(driver, active);
    }

    /// @notice The attached ether goes to the recipient with the parcel.
    function store(bytes32 id, address recipient) external payable {
        require(recipient != address(0), "recipient");
        Parcel storage p = parcels[id];
        if (p.state != State.Unknown) revert WrongState(p.state);
        p.state = State.Stored;
        p.sender = msg.sender;
        p.recipient = recipient;
        p.onDelivery = uint96(msg.value);
        emit Stored(id, recipient);
    }

    function takeOut(bytes32 id) external onlyDriver {
        Parcel storage p = parcels[id];
        if (p.state != State.Stored) revert WrongState(p.state);
        p.state = State.OnTheWay;
        emit Left(id, msg.sender);
    }

    function handOver(bytes32 id) external onlyDriver {
        Parcel storage p = parcels[id];
        if (p.state != State.OnTheWay) revert WrongState(p.state);
        p.state = State.Delivered;
        credit[p.recipient] += p.onDelivery;
        emit Delivered(id);
    }

    function takeBack(bytes32 id) external {
        Parcel storage p = parcels[id];
        require(p.sender == msg.sender, "sender");
        if (p.state != State.Stored) revert WrongState(p.state);
        p.state = State.Delivered;
        credit[msg.sender] += p.onDelivery;
        emit Delivered(id);
    }

    function withdraw() external {
        uint256 amount = credit[msg.sender];
        credit[msg.sender] = 0;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment");
    }
}
