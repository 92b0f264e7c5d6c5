// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IPrizeToken {
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// @title Prizes of a choir contest, in a token that returns true and takes no fee
contract ChoralPrizes {
    struct Prize {
        address winner;
        uint128 amount;
        bool paid;
    }

    IPrizeToken public immutable token;
    address public immutable jury;
    Prize[] public prizes;
    uint256 public promised;
    uint256 public funds;

    event Added(uint256 amount);
    event Awarded(uint256 indexed id, address indexed winner, uint256 amount);
    event Paid(uint256 indexed id, address indexed winner);
    event Skipped(uint256 indexed id);

    error OnlyJury();
    error NotFunded();
    error WrongState();

    modifier onlyJury() {
        if (msg.sender != jury) revert OnlyJury();
        _;
    }

    constructor(IPrizeToken token_) {
        require(address(token_) != address(0), "token");
        token = token_;
        jury = msg.sender;
    }

    function add(uint256 amount) external onlyJury {
        funds += amount;
        emit Added(amount);
        require(token.transferFrom(msg.sender, address(this), amount), "token");
    }

    function award(address winner, uint128 amount) external onlyJury returns (uint256 id) {
        if (winner == address(0) || amount == 0) revert WrongState();
        if (promised + amount > funds) revert NotFunded();
        promised += amount;
        id = prizes.length;
        prizes.push(Prize(winner, amount, false));
        emit Awarded(id, winner, amount);
    }

    function pay(uint256 id) external {
        Prize storage p = prizes[id];
        if (p.paid) revert WrongState();
        p.paid = true;
        promised -= p.amount;
        funds -= p.amount;
        try token.transfer(p.winner, p.amount) returns (bool) { // <-- unchecked-result
            emit Paid(id, p.winner);
        } catch {
            emit Skipped(id);
        }
    }

    function takeRest(uint256 amount) external onlyJury {
        if (promised + amount > funds) revert NotFunded();
        funds -= amount;
        require(token.transfer(jury, amount), "token");
    }

    function count() external view returns (uint256) {
        return prizes.length;
    }
}
