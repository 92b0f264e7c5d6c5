// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

/// @title Market of a print gallery, each print is sold once
contract GalleryMarket {
    struct Print {
        address payable artist;
        uint256 price;
        address owner;
    }

    uint256 private constant BASE = 10000;

    address public curator;
    address payable public house;
    uint256 public commission = 500;
    uint256 public printCount;
    uint256 public houseBalance;
    mapping(uint256 => Print) private _prints;
    mapping(address => uint256) public earned;

    event Hung(uint256 indexed id, address indexed artist, uint256 price);
    event Repriced(uint256 indexed id, uint256 price);
    event SoldTo(uint256 indexed id, address indexed buyer, uint256 price, uint256 cut);
    event CommissionSet(uint256 commission);
    event HouseSet(address indexed house);
    event PaidOut(address indexed to, uint256 amount);

    modifier onlyCurator() {
        require(msg.sender == curator, "curator only");
        _;
    }

    constructor(address payable house_) {
        require(house_ != address(0), "no house");
        curator = msg.sender;
        house = house_;
    }

    function hang(uint256 price) external returns (uint256 id) {
        require(price > 0 && price <= 1e24, "price");
        id = ++printCount;
        _prints[id] = Print(msg.sender, price, address(0));
        emit Hung(id, msg.sender, price);
    }

    function reprice(uint256 id, uint256 price) external {
        Print storage print = _prints[id];
        require(print.artist == msg.sender, "artist only");
        require(print.owner == address(0), "sold");
        require(price > 0 && price <= 1e24, "price");
        print.price = price;
        emit Repriced(id, price);
    }

    /// @param maxPrice what the buyer has seen
    function buy(uint256 id, uint256 maxPrice) external payable {
        Print storage print = _prints[id];
        require(print.artist != address(0), "no such print");
        require(print.owner == address(0), "sold");
        require(print.price <= maxPrice && msg.value == print.price, "wrong payment");
        print.owner = msg.sender;
        uint256 cut = (msg.value * commission) / BASE;
        houseBalance = houseBalance + cut;
        earned[print.artist] = earned[print.artist] + (msg.value - cut);
        emit SoldTo(id, msg.sender, msg.value, cut);
    }

    /// @notice Commission of the house in hundredths of a percent.
    function setCommission(uint256 next) external onlyCurator {
        require(next != commission && next <= 1500, "commission out of range");
        commission = next;
        emit CommissionSet(next);
    }

    function setHouse(address payable next) external onlyCurator {
        require(next != address(0), "no house");
        house = next;
        emit HouseSet(next);
    }

    function withdraw() external {
        uint256 amount = earned[msg.sender];
        require(amount > 0, "nothing earned");
        earned[msg.sender] = 0;
        _pay(msg.sender, amount);
    }

    function payHouse() external onlyCurator {
        uint256 amount = houseBalance;
        require(amount > 0, "nothing earned");
        houseBalance = 0;
        _pay(house, amount);
    }

    function printOf(uint256 id) external view returns (address artist, uint256 price, address owner) {
        Print storage print = _prints[id];
        return (print.artist, print.price, print.owner);
    }

    function _pay(address payable to, uint256 amount) private {
        emit PaidOut(to, amount);
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "payment failed");
    }
}
