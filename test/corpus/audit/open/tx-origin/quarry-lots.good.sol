// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

library Caller {
    function current() internal view returns (address who) {
        assembly {
            who := caller()
        }
    }

    function size(address account) internal view returns (uint256 length) {
        assembly {
            length := extcodesize(account)
        }
    }
}

/// @title Lots of a quarry, held by deed and sold for fixed prices
contract QuarryLots {
    struct Lot {
        address holder;
        uint256 price;
        bool forSale;
    }

    uint256 public constant COUNT = 64;

    address public immutable surveyor;
    mapping(uint256 => Lot) private lots;
    mapping(address => uint256) public proceeds;

    event Deeded(uint256 indexed lot, address indexed to);
    event Listed(uint256 indexed lot, uint256 price);
    event Unlisted(uint256 indexed lot);
    event Sold(uint256 indexed lot, address indexed from, address indexed to, uint256 price);

    modifier onlyHolder(uint256 lot) {
        require(lots[lot].holder == Caller.current(), "holder");
        _;
    }

    constructor() {
        surveyor = msg.sender;
    }

    function deed(uint256 lot, address to) external {
        require(msg.sender == surveyor, "surveyor");
        require(lot < COUNT && lots[lot].holder == address(0) && to != address(0), "lot");
        lots[lot].holder = to;
        emit Deeded(lot, to);
    }

    function give(uint256 lot, address to) external onlyHolder(lot) {
        require(to != address(0), "to");
        lots[lot] = Lot(to, 0, false);
        emit Deeded(lot, to);
    }

    function list(uint256 lot, uint256 price) external onlyHolder(lot) {
        require(price > 0, "price");
        lots[lot].price = price;
        lots[lot].forSale = true;
        emit Listed(lot, price);
    }

    function unlist(uint256 lot) external onlyHolder(lot) {
        lots[lot].forSale = false;
        emit Unlisted(lot);
    }

    function buy(uint256 lot) external payable {
        Lot storage l = lots[lot];
        require(l.forSale && msg.value == l.price, "sale");
        address from = l.holder;
        lots[lot] = Lot(msg.sender, 0, false);
        proceeds[from] += msg.value;
        emit Sold(lot, from, msg.sender, msg.value);
    }

    function collect() external {
        uint256 amount = proceeds[msg.sender];
        require(amount > 0, "nothing");
        proceeds[msg.sender] = 0;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment");
    }

    function lotOf(uint256 lot) external view returns (address holder, uint256 price, bool forSale) {
        Lot storage l = lots[lot];
        return (l.holder, l.price, l.forSale);
    }
}
