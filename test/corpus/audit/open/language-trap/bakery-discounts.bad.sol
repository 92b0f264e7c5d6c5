// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

/// @title Prices of a bakery with discounts for regular customers
contract BakeryDiscounts {
    struct Customer {
        uint64 since;
        uint32 visits;
        bool staff;
    }

    uint256 public constant FULL = 100;

    address public immutable baker;
    uint256 public takings;
    mapping(uint256 => uint256) public priceOf;
    mapping(address => Customer) public customers;

    event PriceSet(uint256 indexed item, uint256 price);
    event StaffSet(address indexed person, bool staff);
    event Bought(address indexed customer, uint256 indexed item, uint256 paid);
    event TakingsCollected(uint256 amount);

    modifier onlyBaker() {
        require(msg.sender == baker, "not the baker");
        _;
    }

    constructor() {
        baker = msg.sender;
    }

    function setPrice(uint256 item, uint256 price) external onlyBaker {
        require(price > 0 && price < 1 ether, "price");
        priceOf[item] = price;
        emit PriceSet(item, price);
    }

    function setStaff(address person, bool staff) external onlyBaker {
        customers[person].staff = staff;
        emit StaffSet(person, staff);
    }

    function buy(uint256 item) external payable {
        uint256 price = priceOf[item];
        require(price > 0, "no such item");
        uint256 percent = percentFor(msg.sender);
        require(msg.value == (price * percent) / FULL, "payment");
        Customer storage c = customers[msg.sender];
        if (c.since == 0) {
            c.since = uint64(block.timestamp);
        }
        c.visits += 1;
        takings += msg.value;
        emit Bought(msg.sender, item, msg.value);
    }

    function collect(address payable to) external onlyBaker {
        require(to != address(0), "to");
        uint256 amount = takings;
        takings = 0;
        emit TakingsCollected(amount);
        to.transfer(amount);
    }

    /// @return the part of the price the customer has to pay, in percent
    function percentFor(address customer) public view returns (uint256) { // <-- language-trap
        Customer storage c = customers[customer];
        if (c.staff) {
            return 70;
        }
        if (c.visits >= 50) {
            return 85;
        } else if (c.visits >= 10) {
            if (block.timestamp > c.since + 30 days) {
                return 90;
            }
        } else {
            return FULL;
        }
    }
}
