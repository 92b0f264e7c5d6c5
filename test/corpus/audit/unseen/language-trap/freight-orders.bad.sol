pragma solidity ^0.4.24;

contract FreightOrders {

    enum Status { Booked, Assigned, Delivered, Cancelled }

    struct Order {
        address shipper;
        address carrier;
        uint256 fare;
        uint256 bookedAt;
        bytes32 route;
        Status status;
    }

    address public dispatcher;
    address public nextDispatcher;
    uint256 public ratePerKg;
    Order[] public orders;
    mapping(address => uint256) public balances;

    uint256 public constant MAX_RATE = 0.01 ether;
    uint256 public constant MAX_KILOS = 40000;
    uint256 public constant PATIENCE = 30 days;

    event DispatcherProposed(address indexed who);
    event DispatcherChanged(address indexed who);
    event RateChanged(uint256 rate);
    event Booked(uint256 indexed id, address indexed shipper, bytes32 route, uint256 fare);
    event Assigned(uint256 indexed id, address indexed carrier);
    event Delivered(uint256 indexed id);
    event Cancelled(uint256 indexed id);
    event Withdrawn(address indexed who, uint256 amount);

    modifier onlyDispatcher() {
        require(msg.sender == dispatcher, "dispatcher only");
        _;
    }

    constructor(uint256 rate) public {
        require(rate > 0 && rate <= MAX_RATE);
        dispatcher = msg.sender;
        ratePerKg = rate;
    }

    function proposeDispatcher(address who) external onlyDispatcher {
        require(who != address(0));
        nextDispatcher = who;
        emit DispatcherProposed(who);
    }

    function acceptDispatcher() external {
        require(msg.sender == nextDispatcher);
        dispatcher = msg.sender;
        nextDispatcher = address(0);
        emit DispatcherChanged(msg.sender);
    }

    function setRate(uint256 rate) external onlyDispatcher {
        require(rate > 0 && rate <= MAX_RATE);
        ratePerKg = rate;
        emit RateChanged(rate);
    }

    function book(bytes32 route, uint256 kilos) external payable returns (uint256 id) {
        require(route != bytes32(0), "route");
        require(kilos > 0 && kilos <= MAX_KILOS, "weight");
        require(msg.value == kilos * ratePerKg, "fare");

        Order order; // <-- language-trap
        order.shipper = msg.sender;
        order.fare = msg.value;
        order.bookedAt = now;
        order.route = route;
        order.status = Status.Booked;

        id = orders.push(order) - 1;
        emit Booked(id, msg.sender, route, msg.value);
    }

    function assign(uint256 id, address carrier) external onlyDispatcher {
        Order storage order = orders[id];
        require(carrier != address(0) && carrier != order.shipper);
        require(order.status == Status.Booked, "not open");
        order.carrier = carrier;
        order.status = Status.Assigned;
        emit Assigned(id, carrier);
    }

    // signed off by the shipper, or by the dispatcher with the papers at hand
    function delivered(uint256 id) external {
        Order storage order = orders[id];
        require(msg.sender == order.shipper || msg.sender == dispatcher);
        require(order.status == Status.Assigned, "not under way");
        order.status = Status.Delivered;
        balances[order.carrier] += order.fare;
        emit Delivered(id);
    }

    function cancel(uint256 id) external {
        Order storage order = orders[id];
        require(msg.sender == order.shipper, "shipper only");
        bool overdue = order.status == Status.Assigned && now >= order.bookedAt + PATIENCE;
        require(order.status == Status.Booked || overdue, "under way");
        order.status = Status.Cancelled;
        balances[msg.sender] += order.fare;
        emit Cancelled(id);
    }

    function withdraw() external {
        uint256 amount = balances[msg.sender];
        require(amount > 0);
        balances[msg.sender] = 0;
        msg.sender.transfer(amount);
        emit Withdrawn(msg.sender, amount);
    }
}
