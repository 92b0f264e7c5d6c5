// SPDX-License-Identifier: MIT
pragma solidity ^0.8.19;

library AddressSet {
    struct Set {
        address[] items;
        mapping(address => uint256) position;
    }

    /// @return whether it was added
    function add(Set storage set, address item) internal returns (bool) {
        if (set.position[item] != 0) return false;
        set.items.push(item);
        set.position[item] = set.items.length;
        return true;
    }

    /// @return whether it was there
    function remove(Set storage set, address item) internal returns (bool) {
        uint256 at = set.position[item];
        if (at == 0) return false;
        address last = set.items[set.items.length - 1];
        set.items[at - 1] = last;
        set.position[last] = at;
        set.items.pop();
        delete set.position[item];
        return true;
    }

    function contains(Set storage set, address item) internal view returns (bool) {
        return set.position[item] != 0;
    }
}

/// @title Seats of a council, each with a deposit that is given back on leaving
contract CouncilSeats {
    using AddressSet for AddressSet.Set;

    uint256 public constant DEPOSIT = 1 ether;
    uint256 public constant MAX_SEATS = 50;

    AddressSet.Set private seated;
    mapping(address => uint256) public speeches;

    event Seated(address indexed who);
    event Left(address indexed who);
    event Spoke(address indexed who, uint256 indexed number, bytes32 text);

    error NotSeated();
    error AlreadySeated();
    error Full();

    function sit() external payable {
        require(msg.value == DEPOSIT, "deposit");
        if (seated.items.length >= MAX_SEATS) revert Full();
        if (!seated.add(msg.sender)) revert AlreadySeated();
        emit Seated(msg.sender);
    }

    function speak(bytes32 text) external {
        if (!seated.contains(msg.sender)) revert NotSeated();
        speeches[msg.sender] += 1;
        emit Spoke(msg.sender, speeches[msg.sender], text);
    }

    function leave() external {
        seated.remove(msg.sender); // <-- unchecked-result
        emit Left(msg.sender);
        (bool ok, ) = msg.sender.call{value: DEPOSIT}("");
        require(ok, "payment");
    }

    function seats() external view returns (address[] memory) {
        return seated.items;
    }
}
