// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256) {
        uint256 c = a + b;
        require(c >= a);
        return c;
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a);
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256) {
        if (a == 0) {
            return 0;
        }
        uint256 c = a * b;
        require(c / a == b);
        return c;
    }

    function div(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b > 0);
        return a / b;
    }
}

/// Credits for the arcade. Players pay the owners of machines with them.
contract ArcadeCredits {
    using SafeMath for uint256;

    struct Machine {
        address owner;
        uint256 price;
        uint256 plays;
    }

    uint256 public constant WEI_PER_CREDIT = 1e14;

    uint256 public machineCount;
    mapping(uint256 => Machine) public machines;
    mapping(address => uint256) public credits;

    event Bought(address indexed player, uint256 amount);
    event Sent(address indexed from, address indexed to, uint256 amount);
    event MachineAdded(uint256 indexed id, address indexed owner, uint256 price);
    event Played(uint256 indexed id, address indexed player);
    event CashedIn(address indexed who, uint256 amount);

    function buy() external payable {
        require(msg.value > 0 && msg.value % WEI_PER_CREDIT == 0, "whole credits");
        uint256 amount = msg.value.div(WEI_PER_CREDIT);
        credits[msg.sender] = credits[msg.sender].add(amount);
        emit Bought(msg.sender, amount);
    }

    function addMachine(uint256 price) external returns (uint256 id) {
        require(price > 0, "price");
        id = machineCount;
        machineCount = machineCount.add(1);
        machines[id] = Machine(msg.sender, price, 0);
        emit MachineAdded(id, msg.sender, price);
    }

    /// The price the player agrees to is passed along.
    function play(uint256 id, uint256 price) external {
        Machine storage machine = machines[id];
        require(machine.owner != address(0), "no such machine");
        require(machine.price == price, "price");
        credits[msg.sender] = credits[msg.sender].sub(price);
        credits[machine.owner] = credits[machine.owner].add(price);
        machine.plays = machine.plays.add(1);
        emit Played(id, msg.sender);
    }

    function sendCredits(address to, uint256 amount) external returns (bool) {
        require(to != address(0), "receiver");
        address from = msg.sender;
        credits[from] = credits[from].sub(amount);
        credits[to] = credits[to].add(amount);
        emit Sent(from, to, amount);
        return true;
    }

    function cashIn(uint256 amount) external {
        require(amount > 0, "amount");
        credits[msg.sender] = credits[msg.sender].sub(amount);
        emit CashedIn(msg.sender, amount);
        msg.sender.transfer(amount.mul(WEI_PER_CREDIT));
    }
}
