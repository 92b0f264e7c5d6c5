pragma solidity ^0.5.17;

/**
 * Escrow for parcels. The buyer pays, the seller ships. The buyer may
 * confirm early; when the dispute window has gone by without a dispute, the
 * seller claims the money himself.
 */
contract ParcelEscrow {
    enum Status { None, Paid, Disputed, Closed }

    struct Order {
        address payable buyer;
        address payable seller;
        uint256 amount;
        uint256 claimableAt;
        Status status;
    }

    uint256 public constant WINDOW = 14 days;
    address public arbiter;
    uint256 public orderCount;
    mapping(uint256 => Order) public orders;

    event Opened(uint256 indexed id, address indexed buyer, address indexed seller, uint256 amount);
    event Confirmed(uint256 indexed id);
    event Disputed(uint256 indexed id);
    event Closed(uint256 indexed id, address receiver);

    constructor(address _arbiter) public {
        require(_arbiter != address(0), "arbiter");
        arbiter = _arbiter;
    }

    function open(address payable seller) external payable returns (uint256 id) {
        require(seller != address(0) && seller != msg.sender, "seller");
        require(msg.value > 0, "no money");
        id = ++orderCount;
        orders[id] = Order(msg.sender, seller, msg.value, now + WINDOW, Status.Paid);
        emit Opened(id, msg.sender, seller, msg.value);
    }

    function dispute(uint256 id) external {
        Order storage order = orders[id];
        require(order.buyer == msg.sender, "not the buyer");
        require(order.status == Status.Paid && now < order.claimableAt, "too late");
        order.status = Status.Disputed;
        emit Disputed(id);
    }

    function confirm(uint256 id) external {
        Order storage order = orders[id];
        require(order.buyer == msg.sender, "not the buyer");
        require(order.status == Status.Paid, "not open");
        order.claimableAt = now;
        emit Confirmed(id);
    }

    function claim(uint256 id) external {
        Order storage order = orders[id];
        require(order.seller == msg.sender, "not the seller");
        require(order.status == Status.Paid, "not open");
        require(now >= order.claimableAt, "window is open");
        _payOut(order.seller, order.amount); // <-- reentrancy
        _close(id, order.seller);
    }

    function resolve(uint256 id, bool toBuyer) external {
        require(msg.sender == arbiter, "not the arbiter");
        Order storage order = orders[id];
        require(order.status == Status.Disputed, "no dispute");
        address payable receiver = toBuyer ? order.buyer : order.seller;
        _close(id, receiver);
        _payOut(receiver, order.amount);
    }

    function _close(uint256 id, address receiver) internal {
        orders[id].status = Status.Closed;
        emit Closed(id, receiver);
    }

    function _payOut(address payable to, uint256 amount) internal {
        (bool ok, ) = to.call.value(amount)("");
        require(ok, "payment failed");
    }
}
