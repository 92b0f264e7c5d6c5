// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IFeed {
    function decimals() external view returns (uint8);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}

/// @title Checkout of a web shop: prices in dollar cents, paid in ether
contract DollarCheckout {
    struct Order {
        address customer;
        uint256 cents;
        uint256 paid;
        bool refunded;
    }

    uint256 public constant MAX_AGE = 90 minutes;
    uint256 public constant MAX_CENTS = 10_000_000_00;
    uint256 public constant REFUND_PERIOD = 14 days;

    IFeed public immutable feed;
    address public immutable shop;
    mapping(bytes32 => Order) public orders;
    mapping(bytes32 => uint256) public paidAt;
    mapping(address => uint256) public refunds;
    uint256 public refundTotal;

    event Paid(bytes32 indexed number, address indexed customer, uint256 cents, uint256 amount);
    event Refunded(bytes32 indexed number, uint256 amount);
    event Banked(uint256 amount);

    error FeedDown();
    error TooLittle(uint256 needed);

    modifier onlyShop() {
        require(msg.sender == shop, "only the shop");
        _;
    }

    constructor(IFeed feed_) {
        require(address(feed_) != address(0), "no feed");
        feed = feed_;
        shop = msg.sender;
    }

    /// @notice The shop accepts an order and names its price in cents.
    function accept(bytes32 number, address customer, uint256 cents) external onlyShop {
        require(orders[number].customer == address(0) && customer != address(0), "bad order");
        require(cents > 0 && cents <= MAX_CENTS, "price out of range");
        orders[number] = Order(customer, cents, 0, false);
    }

    function pay(bytes32 number) external payable {
        Order storage order = orders[number];
        require(order.customer == msg.sender && order.paid == 0, "not payable");
        uint256 needed = weiFor(order.cents);
        if (msg.value < needed) revert TooLittle(needed);
        order.paid = needed;
        paidAt[number] = block.timestamp;
        // change is kept ready for the customer
        refunds[msg.sender] += msg.value - needed;
        refundTotal += msg.value - needed;
        emit Paid(number, msg.sender, order.cents, needed);
    }

    function refund(bytes32 number) external payable onlyShop {
        Order storage order = orders[number];
        require(order.paid > 0 && !order.refunded, "not refundable");
        require(block.timestamp <= paidAt[number] + REFUND_PERIOD && msg.value == order.paid, "too late");
        order.refunded = true;
        refunds[order.customer] += order.paid;
        refundTotal += order.paid;
        emit Refunded(number, order.paid);
    }

    function collectRefund() external {
        uint256 amount = refunds[msg.sender];
        require(amount > 0, "no refund");
        refunds[msg.sender] = 0;
        refundTotal -= amount;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment refused");
    }

    function bank() external onlyShop {
        uint256 amount = address(this).balance - refundTotal;
        emit Banked(amount);
        (bool ok, ) = shop.call{value: amount}("");
        require(ok, "payment refused");
    }

    /// @notice Wei for an amount of cents at the latest price of ether, rounded up.
    function weiFor(uint256 cents) public view returns (uint256) {
        (uint80 roundId, int256 answer, , uint256 updatedAt, uint80 answeredIn) = feed.latestRoundData();
        if (answer <= 0 || answeredIn < roundId || updatedAt == 0) revert FeedDown();
        if (block.timestamp - updatedAt > MAX_AGE) revert FeedDown();
        uint256 price = uint256(answer);
        return (cents * 1e18 * 10 ** feed.decimals() + price * 100 - 1) / (price * 100);
    }
}
