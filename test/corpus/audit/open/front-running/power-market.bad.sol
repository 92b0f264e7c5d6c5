// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

interface IToken {
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

library Calc {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "sum too large");
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "difference below zero");
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256 c) {
        if (a == 0) return 0;
        c = a * b;
        require(c / a == b, "product too large");
    }
}

/// @title Market for solar power between neighbours
/// @notice Producers offer kilowatt hours at a price of their own; neighbours take from an offer.
contract PowerMarket {
    using Calc for uint256;

    struct Offer {
        address producer;
        uint256 unitPrice;
        uint256 unitsLeft;
        bool paused;
    }

    IToken public currency;
    address public meterOffice;
    uint256 public offerCount;
    mapping(uint256 => Offer) private offers;
    mapping(address => bool) public metered;
    mapping(address => uint256) public unitsBought;

    event Metered(address indexed neighbour);
    event Offered(uint256 indexed id, address indexed producer, uint256 unitPrice, uint256 units);
    event Repriced(uint256 indexed id, uint256 unitPrice);
    event Taken(uint256 indexed id, address indexed neighbour, uint256 units, uint256 paid);

    modifier onlyMetered() {
        require(metered[msg.sender], "no meter");
        _;
    }

    modifier onlyProducer(uint256 id) {
        require(offers[id].producer == msg.sender, "not your offer");
        _;
    }

    constructor(IToken currency_) public {
        require(address(currency_) != address(0), "no currency");
        currency = currency_;
        meterOffice = msg.sender;
    }

    function meter(address neighbour) external {
        require(msg.sender == meterOffice, "only the meter office");
        require(neighbour != address(0), "no neighbour");
        metered[neighbour] = true;
        emit Metered(neighbour);
    }

    function offer(uint256 unitPrice, uint256 units) external onlyMetered returns (uint256 id) {
        require(unitPrice > 0 && units > 0, "empty offer");
        id = ++offerCount;
        offers[id] = Offer(msg.sender, unitPrice, units, false);
        emit Offered(id, msg.sender, unitPrice, units);
    }

    function reprice(uint256 id, uint256 unitPrice) external onlyProducer(id) {
        require(unitPrice > 0, "no price");
        offers[id].unitPrice = unitPrice;
        emit Repriced(id, unitPrice);
    }

    function pause(uint256 id, bool paused) external onlyProducer(id) {
        offers[id].paused = paused;
    }

    /// @notice Takes units from an offer and pays the producer.
    function take(uint256 id, uint256 units) external onlyMetered {
        Offer storage o = offers[id];
        require(o.producer != address(0) && !o.paused, "not on offer");
        require(units > 0 && units <= o.unitsLeft, "not that many units");
        o.unitsLeft = o.unitsLeft.sub(units);
        unitsBought[msg.sender] = unitsBought[msg.sender].add(units);
        collect(id, o.producer, units, o.unitPrice);
    }

    function offerOf(uint256 id) external view returns (address producer, uint256 unitPrice, uint256 unitsLeft) {
        Offer storage o = offers[id];
        return (o.producer, o.unitPrice, o.unitsLeft);
    }

    function collect(uint256 id, address producer, uint256 units, uint256 unitPrice) internal {
        uint256 due = units.mul(unitPrice);
        emit Taken(id, msg.sender, units, due);
        require(currency.transferFrom(msg.sender, producer, due), "transfer failed"); // <-- front-running
    }
}
