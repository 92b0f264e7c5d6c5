// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

/// @title StableOrders
/// @notice Feed orders of riding stables. Any stable may put an order; the mill serves them and
///         the oldest open order goes first.
contract StableOrders {
    struct Order {
        address stable;
        uint96 bales;
        uint128 paid;
        bool open;
    }

    uint256 public constant BALE_PRICE = 0.01 ether;

    address payable public immutable mill;
    Order[] public orders;
    uint256 public firstOpen;
    uint256 public millDue;

    event Ordered(uint256 indexed id, address indexed stable, uint256 bales);
    event Cancelled(uint256 indexed id);
    event Served(uint256 indexed id, uint256 bales);
    event MillPaid(uint256 amount);

    modifier onlyMill() {
        require(msg.sender == mill, "mill only");
        _;
    }

    constructor() {
        mill = msg.sender;
    }

    function order(uint96 bales) external payable returns (uint256 id) {
        require(bales > 0 && bales <= 10_000, "bales");
        require(msg.value == bales * BALE_PRICE, "wrong payment");
        id = orders.length;
        orders.push(Order(msg.sender, bales, uint128(msg.value), true));
        emit Ordered(id, msg.sender, bales);
    }

    function cancel(uint256 id) external {
        Order storage o = orders[id];
        require(o.stable == msg.sender && o.open, "not your open order");
        o.open = false;
        uint256 refund = o.paid;
        o.paid = 0;
        emit Cancelled(id);
        (bool ok, ) = msg.sender.call{value: refund}("");
        require(ok, "refund failed");
    }

    /// @notice The mill has delivered the oldest open order.
    function serveOldest() external onlyMill {
        uint256 id = _findOldest();
        Order storage o = orders[id];
        o.open = false;
        millDue += o.paid;
        firstOpen = id + 1;
        emit Served(id, o.bales);
    }

    function drawDue() external onlyMill {
        uint256 amount = millDue;
        require(amount > 0, "nothing due");
        millDue = 0;
        emit MillPaid(amount);
        (bool ok, ) = mill.call{value: amount}("");
        require(ok, "payment failed");
    }

    function orderCount() external view returns (uint256) {
        return orders.length;
    }

    function _findOldest() private view returns (uint256 id) {
        id = firstOpen;
        while (id < orders.length && !orders[id].open) { // <-- denial-of-service
            id += 1;
        }
        require(id < orders.length, "no open order");
    }
}
