// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// Keeps count of the barrels in the cellar and of the ether paid for them.
contract VineyardStock {
    struct Barrel {
        uint16 year;
        uint32 litres;
        uint256 price;
        bool sold;
    }

    address public cellarMaster;
    Barrel[] public barrels;
    mapping(uint256 => address) public buyerOf;

    event BarrelAdded(uint256 indexed id, uint16 year, uint32 litres);
    event Repriced(uint256 indexed id, uint256 price);
    event Sold(uint256 indexed id, address indexed buyer);
    event MasterChanged(address indexed previous, address indexed current);
    event Collected(address indexed to, uint256 amount);

    modifier onlyMaster() {
        require(msg.sender == cellarMaster, "not the cellar master");
        _;
    }

    modifier exists(uint256 id) {
        require(id < barrels.length, "no such barrel");
        _;
    }

    constructor() public {
        cellarMaster = msg.sender;
    }

    function addBarrel(uint16 year, uint32 litres, uint256 price) external onlyMaster {
        require(litres > 0 && price > 0, "barrel");
        uint256 id = barrels.push(Barrel(year, litres, price, false)) - 1;
        emit BarrelAdded(id, year, litres);
    }

    function reprice(uint256 id, uint256 price) external onlyMaster exists(id) {
        require(!barrels[id].sold && price > 0, "price");
        barrels[id].price = price;
        emit Repriced(id, price);
    }

    function buy(uint256 id, uint256 expectedPrice) external payable exists(id) {
        Barrel storage barrel = barrels[id];
        require(!barrel.sold, "sold");
        require(barrel.price == expectedPrice, "price changed");
        require(msg.value == expectedPrice, "payment");
        barrel.sold = true;
        buyerOf[id] = msg.sender;
        emit Sold(id, msg.sender);
    }

    function collect(address to) external onlyMaster {
        require(to != address(0), "to");
        uint256 amount = address(this).balance;
        emit Collected(to, amount);
        to.transfer(amount);
    }

    function changeMaster(address next) external onlyMaster {
        require(next != address(0), "next");
        emit MasterChanged(cellarMaster, next);
        cellarMaster = next;
    }
}
