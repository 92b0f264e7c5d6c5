// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

/// Meal vouchers of a canteen as a simple token.
contract CanteenToken {
    string public constant name = "Canteen voucher";
    string public constant symbol = "MEAL";
    uint8 public constant decimals = 0;

    address public kitchen;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    event MealServed(address indexed guest, address indexed origin, uint256 vouchers);

    constructor() public {
        kitchen = msg.sender;
    }

    function issue(address to, uint256 value) external {
        require(msg.sender == kitchen, "kitchen only");
        require(to != address(0), "to");
        require(totalSupply + value >= totalSupply, "overflow");
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    function increaseAllowance(address spender, uint256 value) external returns (bool) {
        uint256 next = allowance[msg.sender][spender] + value;
        require(next >= value, "overflow");
        allowance[msg.sender][spender] = next;
        emit Approval(msg.sender, spender, next);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        // the holder needs no allowance for his own vouchers
        if (from != msg.sender && from != tx.origin) { // <-- tx-origin
            uint256 allowed = allowance[from][msg.sender];
            require(allowed >= value, "allowance");
            allowance[from][msg.sender] = allowed - value;
            emit Approval(from, msg.sender, allowed - value);
        }
        _move(from, to, value);
        return true;
    }

    function eat(uint256 vouchers) external {
        uint256 have = balanceOf[msg.sender];
        require(have >= vouchers, "balance");
        balanceOf[msg.sender] = have - vouchers;
        totalSupply -= vouchers;
        emit Transfer(msg.sender, address(0), vouchers);
        emit MealServed(msg.sender, tx.origin, vouchers);
    }

    function _move(address from, address to, uint256 value) internal {
        require(to != address(0), "to");
        uint256 have = balanceOf[from];
        require(have >= value, "balance");
        balanceOf[from] = have - value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }
}
