// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

interface IEthUsd {
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}

contract Owned {
    address public owner;

    event OwnerChanged(address indexed from, address indexed to);

    modifier onlyOwner() {
        require(msg.sender == owner, "owner");
        _;
    }

    constructor() public {
        owner = msg.sender;
    }

    function changeOwner(address next) external onlyOwner {
        require(next != address(0), "zero");
        emit OwnerChanged(owner, next);
        owner = next;
    }
}

/// @title Ferry tickets for whole dollars, paid in ether; a ticket may be sold back
contract FerryTickets is Owned {
    uint256 public constant MAX_TICKETS = 50;
    uint256 public constant MAX_DELAY = 2 hours;

    IEthUsd public feed;
    uint256 public dollars;
    mapping(address => uint256) public tickets;
    uint256 public outstanding;

    event Sold(address indexed to, uint256 count, uint256 paid);
    event Returned(address indexed from, uint256 count, uint256 paid);
    event Used(address indexed by);
    event Float(uint256 amount);

    constructor(IEthUsd feed_, uint256 dollars_) public {
        require(address(feed_) != address(0) && dollars_ > 0 && dollars_ < 1000, "terms");
        feed = feed_;
        dollars = dollars_;
    }

    /// @notice the company keeps ether here to buy tickets back
    function addFloat() external payable onlyOwner {
        emit Float(msg.value);
    }

    function buy(uint256 count) external payable {
        require(count > 0 && count <= MAX_TICKETS, "count");
        uint256 cost = count * fare();
        require(msg.value >= cost, "too little");
        tickets[msg.sender] += count;
        outstanding += count;
        emit Sold(msg.sender, count, cost);
        _pay(msg.sender, msg.value - cost);
    }

    function giveBack(uint256 count) external {
        require(count > 0 && count <= tickets[msg.sender], "count");
        uint256 paid = (count * fare() * 95) / 100;
        tickets[msg.sender] -= count;
        outstanding -= count;
        emit Returned(msg.sender, count, paid);
        _pay(msg.sender, paid);
    }

    function use() external {
        require(tickets[msg.sender] > 0, "no ticket");
        tickets[msg.sender] -= 1;
        outstanding -= 1;
        emit Used(msg.sender);
    }

    function bank(uint256 amount) external onlyOwner {
        require(amount <= address(this).balance, "balance");
        require(address(this).balance >= amount + outstanding * fare(), "tickets are out");
        _pay(msg.sender, amount);
    }

    /// @return wei for one ticket; the feed has 8 decimals
    function fare() public view returns (uint256) {
        (, int256 answer, , uint256 updatedAt, ) = feed.latestRoundData();
        require(answer > 0, "no answer");
        require(updatedAt > 0 && updatedAt + MAX_DELAY >= block.timestamp, "late answer");
        return (dollars * 1e26) / uint256(answer);
    }

    function _pay(address to, uint256 amount) private {
        if (amount == 0) return;
        (bool ok, ) = to.call.value(amount)("");
        require(ok, "payment");
    }
}
