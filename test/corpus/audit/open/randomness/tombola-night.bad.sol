// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

interface IBeacon {
    /// @return the id of a request; the beacon calls `draw` with it when it has the number
    function request() external returns (uint256);
}

/// @title Tombola with one prize for every evening
contract TombolaNight {
    struct Evening {
        uint256 closesAt;
        uint256 requestId;
        bool requested;
        bool drawn;
        address[] entrants;
    }

    uint256 public constant PRICE = 0.02 ether;
    uint256 public constant LENGTH = 1200;
    uint256 public constant MAX_ENTRIES = 500;

    IBeacon public beacon;
    uint256 public evening;
    mapping(uint256 => Evening) private evenings;
    mapping(address => uint256) public prizes;

    event Entered(uint256 indexed evening, address indexed who);
    event Requested(uint256 indexed evening, uint256 id);
    event Drawn(uint256 indexed evening, address indexed winner, uint256 prize);

    constructor(IBeacon beacon_) public {
        require(address(beacon_) != address(0), "beacon");
        beacon = beacon_;
        evenings[0].closesAt = block.number + LENGTH;
    }

    function enter() external payable {
        Evening storage e = evenings[evening];
        require(block.number < e.closesAt && !e.requested, "closed");
        require(msg.value == PRICE, "price");
        require(e.entrants.length < MAX_ENTRIES, "full");
        e.entrants.push(msg.sender);
        emit Entered(evening, msg.sender);
    }

    function finish() external {
        Evening storage e = evenings[evening];
        require(block.number > e.closesAt, "open");
        uint256 number = uint256(blockhash(e.closesAt)); // <-- randomness
        _award(e, number);
    }

    function collect() external {
        uint256 amount = prizes[msg.sender];
        require(amount > 0, "nothing");
        prizes[msg.sender] = 0;
        (bool ok, ) = msg.sender.call.value(amount)("");
        require(ok, "payment");
    }

    function entries(uint256 which) external view returns (uint256) {
        return evenings[which].entrants.length;
    }

    function closing(uint256 which) external view returns (uint256) {
        return evenings[which].closesAt;
    }

    function _award(Evening storage e, uint256 number) private {
        uint256 count = e.entrants.length;
        e.drawn = true;
        if (count > 0) {
            address winner = e.entrants[number % count];
            prizes[winner] += count * PRICE;
            emit Drawn(evening, winner, count * PRICE);
        }
        evening += 1;
        evenings[evening].closesAt = block.number + LENGTH;
    }
}
