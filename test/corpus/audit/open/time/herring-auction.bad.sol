// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

/// @title Auction of a day's catch: the highest bid at the end wins, the seller confirms the catch by taking the money
contract HerringAuction {
    address payable public immutable seller;
    uint256 public immutable endsAt;
    uint256 public immutable reserve;

    address public leader;
    uint256 public highest;
    bool public settled;
    mapping(address => uint256) public returnable;

    event Bid(address indexed who, uint256 amount);
    event Settled(address indexed winner, uint256 amount);
    event Returned(address indexed who, uint256 amount);

    modifier unsettled() {
        require(!settled, "settled");
        _;
    }

    constructor(uint256 length, uint256 reserve_) {
        require(length >= 1 hours && length <= 30 days, "length");
        seller = msg.sender;
        endsAt = block.timestamp + length;
        reserve = reserve_;
    }

    function bid() external payable {
        require(block.timestamp <= endsAt, "over");
        require(msg.sender != seller && msg.value >= reserve, "bid");
        require(msg.value > highest + highest / 20, "too low");
        if (leader != address(0)) returnable[leader] += highest;
        leader = msg.sender;
        highest = msg.value;
        emit Bid(msg.sender, msg.value);
    }

    function settle() external unsettled {
        require(block.timestamp >= endsAt, "not over"); // <-- time
        require(leader != address(0), "no bids");
        settled = true;
        emit Settled(leader, highest);
        (bool ok, ) = seller.call{value: highest}("");
        require(ok, "payment");
    }

    function withdraw() external {
        uint256 amount = returnable[msg.sender];
        require(amount > 0, "nothing");
        returnable[msg.sender] = 0;
        emit Returned(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment");
    }

    function timeLeft() external view returns (uint256) {
        return block.timestamp >= endsAt ? 0 : endsAt - block.timestamp;
    }

    function winner() external view returns (address) {
        return settled ? leader : address(0);
    }
}
