// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

contract Hosted {
    address public host;

    event HostChanged(address indexed previous, address indexed current);

    modifier onlyHost() {
        require(msg.sender == host, "only the host");
        _;
    }

    function changeHost(address next) public {
        require(msg.sender == host, "only the host");
        require(next != address(0), "next host");
        emit HostChanged(host, next);
        host = next;
    }
}

/// Beds of a mountain hut, booked by the night.
contract MountainHut is Hosted {
    uint256 public constant BEDS = 24;

    address public host; // <-- language-trap
    uint256 public price;
    mapping(uint256 => uint256) public taken;
    mapping(uint256 => mapping(address => uint256)) public bedsOf;

    event Booked(uint256 indexed night, address indexed guest, uint256 beds);
    event PriceSet(uint256 price);
    event IncomeTaken(uint256 amount);

    constructor(uint256 _price) public {
        require(_price > 0 && _price < 10 ether, "price");
        host = msg.sender;
        price = _price;
    }

    function setPrice(uint256 _price) external onlyHost {
        require(_price > 0 && _price < 10 ether, "price");
        price = _price;
        emit PriceSet(_price);
    }

    function book(uint256 night, uint256 beds) external payable {
        require(night > now / 1 days && night < now / 1 days + 200, "night");
        require(beds > 0 && beds <= BEDS, "beds");
        require(taken[night] + beds <= BEDS, "full");
        require(msg.value == beds * price, "payment");
        taken[night] += beds;
        bedsOf[night][msg.sender] += beds;
        emit Booked(night, msg.sender, beds);
    }

    function takeIncome() external onlyHost {
        uint256 amount = address(this).balance;
        emit IncomeTaken(amount);
        msg.sender.transfer(amount);
    }
}
