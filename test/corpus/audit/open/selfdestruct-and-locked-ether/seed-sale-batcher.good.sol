// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

abstract contract CallBatcher {
    /// @notice Runs several functions of this contract in one transaction.
    function batch(bytes[] calldata calls) external returns (bytes[] memory results) {
        require(calls.length <= 16, "too many calls");
        results = new bytes[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool ok, bytes memory answer) = address(this).delegatecall(calls[i]);
            if (!ok) {
                assembly {
                    revert(add(answer, 32), mload(answer))
                }
            }
            results[i] = answer;
        }
    }
}

/// @title Sale of seed allotments of a community garden
contract SeedSaleBatcher is CallBatcher {
    struct Order {
        uint32 packets;
        bool shipped;
    }

    uint256 public constant PACKET = 0.002 ether;

    address public immutable garden;
    uint256 public earned;
    mapping(address => uint256) public creditOf;
    mapping(address => Order[]) private orders;

    event Credited(address indexed buyer, uint256 amount);
    event Ordered(address indexed buyer, uint256 index, uint32 packets);
    event Shipped(address indexed buyer, uint256 index);
    event Withdrawn(address indexed to, uint256 amount);

    constructor() {
        garden = msg.sender;
    }

    function topUp() external payable {
        require(msg.value > 0, "empty");
        creditOf[msg.sender] += msg.value;
        emit Credited(msg.sender, msg.value);
    }

    function order(uint32 packets) external {
        require(packets > 0, "packets");
        uint256 cost = PACKET * packets;
        uint256 credit = creditOf[msg.sender];
        require(credit >= cost, "credit too low");
        creditOf[msg.sender] = credit - cost;
        earned += cost;
        orders[msg.sender].push(Order(packets, false));
        emit Ordered(msg.sender, orders[msg.sender].length - 1, packets);
    }

    function refund(uint256 amount) external {
        uint256 credit = creditOf[msg.sender];
        require(amount <= credit, "credit too low");
        creditOf[msg.sender] = credit - amount;
        emit Withdrawn(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "refund failed");
    }

    function ship(address buyer, uint256 index) external {
        require(msg.sender == garden, "not garden");
        Order storage o = orders[buyer][index];
        require(!o.shipped, "shipped");
        o.shipped = true;
        emit Shipped(buyer, index);
    }

    function takeEarned() external {
        require(msg.sender == garden, "not garden");
        uint256 amount = earned;
        earned = 0;
        emit Withdrawn(garden, amount);
        (bool ok, ) = garden.call{value: amount}("");
        require(ok, "transfer failed");
    }

    function ordersOf(address buyer) external view returns (Order[] memory) {
        return orders[buyer];
    }
}
