// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// @title Auctions whose price falls until somebody takes the lot
contract FallingPriceAuction {
    struct Lot {
        address payable seller;
        uint256 from;
        uint256 to;
        uint256 startAt;
        bool sold;
        bytes32 item;
    }

    uint256 public constant SPAN = 2 days;
    uint256 public constant LEAD_TIME = 6 hours;
    uint256 public constant MAX_PRICE = 10000 ether;

    uint256 public lotCount;
    mapping(uint256 => Lot) private lots;
    mapping(uint256 => address) public ownerOfLot;
    mapping(address => uint256) public credit;

    event Offered(uint256 indexed id, address indexed seller, uint256 from, uint256 to);
    event Taken(uint256 indexed id, address indexed buyer, uint256 price);
    event Withdrawn(address indexed who, uint256 amount);

    function offer(bytes32 item, uint256 from, uint256 to) external returns (uint256 id) {
        require(from <= MAX_PRICE && to < from && to > 0, "bad prices");
        id = ++lotCount;
        lots[id] = Lot(msg.sender, from, to, block.timestamp + LEAD_TIME, false, item);
        ownerOfLot[id] = msg.sender;
        emit Offered(id, msg.sender, from, to);
    }

    function take(uint256 id) external payable {
        Lot storage lot = lots[id];
        require(lot.seller != address(0) && !lot.sold, "not on offer");
        require(block.timestamp >= lot.startAt, "not started");
        uint256 price = priceOf(id);
        require(msg.value >= price, "too little");
        lot.sold = true;
        ownerOfLot[id] = msg.sender;
        credit[lot.seller] += price;
        // the price is at most what was sent
        credit[msg.sender] += msg.value - price;
        emit Taken(id, msg.sender, price);
    }

    function callOff(uint256 id) external {
        Lot storage lot = lots[id];
        require(lot.seller == msg.sender && !lot.sold, "cannot call off");
        lot.sold = true;
    }

    function withdraw() external {
        uint256 amount = credit[msg.sender];
        require(amount > 0, "no credit");
        credit[msg.sender] = 0;
        emit Withdrawn(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment refused");
    }

    /// @notice The price falls in a straight line over the span and then stays.
    function priceOf(uint256 id) public view returns (uint256) {
        Lot storage lot = lots[id];
        if (block.timestamp <= lot.startAt) return lot.from;
        uint256 passed = block.timestamp - lot.startAt;
        if (passed >= SPAN) return lot.to;
        // prices are bounded on offer, so the product stays small
        return lot.from - ((lot.from - lot.to) * passed) / SPAN;
    }

    function lotOf(uint256 id) external view returns (address seller, uint256 startAt, bool sold, bytes32 item) {
        Lot storage lot = lots[id];
        return (lot.seller, lot.startAt, lot.sold, lot.item);
    }
}
