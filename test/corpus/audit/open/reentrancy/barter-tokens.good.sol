// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

library Safe {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a);
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a);
        return a - b;
    }
}

/// @title Ether in the form of tokens for a barter market
contract BarterTokens {
    using Safe for uint256;

    string public constant name = "Barter";
    string public constant symbol = "BRT";
    uint8 public constant decimals = 18;

    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed holder, address indexed spender, uint256 value);
    event Deposit(address indexed who, uint256 value);
    event Withdrawal(address indexed who, uint256 value);

    function() external payable {
        deposit();
    }

    function deposit() public payable {
        balanceOf[msg.sender] = balanceOf[msg.sender].add(msg.value);
        totalSupply = totalSupply.add(msg.value);
        emit Deposit(msg.sender, msg.value);
    }

    function exit() external {
        uint256 value = balanceOf[msg.sender];
        require(value > 0, "nothing");
        totalSupply = totalSupply.sub(value);
        balanceOf[msg.sender] = 0;
        require(msg.sender.call.value(value)(), "payment");
        emit Withdrawal(msg.sender, value);
    }

    function exitPart(uint256 value) external {
        balanceOf[msg.sender] = balanceOf[msg.sender].sub(value);
        totalSupply = totalSupply.sub(value);
        emit Withdrawal(msg.sender, value);
        msg.sender.transfer(value);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        allowance[from][msg.sender] = allowance[from][msg.sender].sub(value);
        _move(from, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        require(value == 0 || allowance[msg.sender][spender] == 0, "reset first");
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function _move(address from, address to, uint256 value) private {
        require(to != address(0), "to");
        balanceOf[from] = balanceOf[from].sub(value);
        balanceOf[to] = balanceOf[to].add(value);
        emit Transfer(from, to, value);
    }
}
