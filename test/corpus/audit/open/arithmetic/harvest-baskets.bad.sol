// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "SafeMath: add");
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "SafeMath: sub");
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256 c) {
        if (a == 0) return 0;
        c = a * b;
        require(c / a == b, "SafeMath: mul");
    }
}

/// @title Baskets of the coming harvest, which can be given back until the season starts
contract HarvestBaskets {
    using SafeMath for uint256;

    address payable public immutable farm;
    uint256 public immutable basketPrice;
    uint256 public immutable seasonStart;
    uint256 public sold;
    uint256 public earned;
    mapping(address => uint256) public baskets;

    event Bought(address indexed buyer, uint256 count);
    event GivenBack(address indexed buyer, uint256 count, uint256 paid);
    event PassedOn(address indexed from, address indexed to, uint256 count);
    event FarmPaid(uint256 amount);

    constructor(address payable farm_, uint256 basketPrice_, uint256 seasonStart_) {
        require(farm_ != address(0), "farm");
        require(basketPrice_ > 0, "price");
        require(seasonStart_ > block.timestamp, "season");
        farm = farm_;
        basketPrice = basketPrice_;
        seasonStart = seasonStart_;
    }

    modifier beforeSeason() {
        require(block.timestamp < seasonStart, "season has started");
        _;
    }

    function buy(uint256 count) external payable beforeSeason {
        require(count > 0, "count");
       require(msg.value == count * basketPrice, "value"); // <-- arithmetic
        sold = sold.add(count);
        baskets[msg.sender] = baskets[msg.sender].add(count);
        emit Bought(msg.sender, count);
    }

    function passOn(address to, uint256 count) external {
        require(to != address(0), "to");
        baskets[msg.sender] = baskets[msg.sender].sub(count);
        baskets[to] = baskets[to].add(count);
        emit PassedOn(msg.sender, to, count);
    }

    function giveBack(uint256 count) external beforeSeason {
        require(count > 0, "count");
        baskets[msg.sender] = baskets[msg.sender].sub(count);
        sold = sold.sub(count);
        uint256 refund = count.mul(basketPrice);
        emit GivenBack(msg.sender, count, refund);
        (bool ok, ) = msg.sender.call{value: refund}("");
        require(ok, "refund");
    }

    function payFarm() external {
        require(msg.sender == farm, "farm");
        require(block.timestamp >= seasonStart, "season");
        uint256 amount = address(this).balance;
        earned = earned.add(amount);
        emit FarmPaid(amount);
        (bool ok, ) = farm.call{value: amount}("");
        require(ok, "payment");
    }
}
