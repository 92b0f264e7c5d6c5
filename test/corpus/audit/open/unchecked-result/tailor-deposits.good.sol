// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

interface IERC20 {
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// @title Deposits for suits in a token that takes no fee and returns false when a transfer fails
contract TailorDeposits {
    enum State {
        None,
        Ordered,
        Delivered,
        Cancelled
    }

    struct Order {
        address customer;
        uint256 amount;
        uint256 due;
        State state;
    }

    uint256 public constant MAX_AMOUNT = 1e30;

    IERC20 public immutable token;
    address public immutable tailor;
    uint256 public nextId;
    mapping(uint256 => Order) public orders;

    event Ordered(uint256 indexed id, address indexed customer, uint256 amount, uint256 due);
    event Delivered(uint256 indexed id);
    event Cancelled(uint256 indexed id);

    modifier inState(uint256 id, State state) {
        require(orders[id].state == state, "state");
        _;
    }

    constructor(IERC20 token_) {
        require(address(token_) != address(0), "token");
        token = token_;
        tailor = msg.sender;
    }

    function order(uint256 amount, uint256 due) external returns (uint256 id) {
        require(amount > 0 && amount <= MAX_AMOUNT, "amount");
        require(due >= block.timestamp + 1 days && due <= block.timestamp + 365 days, "due");
        id = nextId++;
        orders[id] = Order(msg.sender, amount, due, State.Ordered);
        emit Ordered(id, msg.sender, amount, due);
        require(token.transferFrom(msg.sender, address(this), amount), "token");
    }

    function receiveSuit(uint256 id) external inState(id, State.Ordered) {
        Order storage o = orders[id];
        require(o.customer == msg.sender, "customer");
        o.state = State.Delivered;
        emit Delivered(id);
        require(token.transfer(tailor, o.amount), "token");
    }

    function decline(uint256 id) external inState(id, State.Ordered) {
        require(msg.sender == tailor, "tailor");
        _refund(id);
    }

    function cancel(uint256 id) external inState(id, State.Ordered) {
        require(orders[id].customer == msg.sender, "customer");
        require(block.timestamp > orders[id].due, "not due");
        _refund(id);
    }

    function _refund(uint256 id) private {
        Order storage o = orders[id];
        o.state = State.Cancelled;
        emit Cancelled(id);
        require(token.transfer(o.customer, o.amount), "token");
    }
}
