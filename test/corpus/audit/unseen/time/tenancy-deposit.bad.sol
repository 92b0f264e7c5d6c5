pragma solidity ^0.5.17;

/**
 * Holds the deposits of tenants. Until two weeks after the end of a lease the
 * landlord may report damage, which an arbiter then assesses. When nothing was
 * reported the tenant takes the deposit back.
 */
contract TenancyDeposit {
    uint256 public constant MAX_DAYS = 3650;
    uint256 public constant REPORT_DAYS = 14;
    uint256 private constant BLOCKS_PER_DAY = 5760;

    enum State { None, Signed, Disputed, Closed }

    struct Lease {
        address payable tenant;
        address payable landlord;
        uint256 deposit;
        uint256 endBlock;
        uint256 reportBlock;
        uint256 claimed;
        State state;
    }

    address public arbiter;
    uint256 public leaseCount;
    mapping(uint256 => Lease) public leases;
    mapping(address => uint256) public balances;

    event Signed(uint256 indexed id, address indexed tenant, address indexed landlord, uint256 deposit);
    event DamageReported(uint256 indexed id, uint256 amount);
    event Closed(uint256 indexed id, uint256 toTenant, uint256 toLandlord);
    event Withdrawal(address indexed who, uint256 amount);

    constructor(address _arbiter) public {
        require(_arbiter != address(0), "arbiter missing");
        arbiter = _arbiter;
    }

    modifier inState(uint256 id, State state) {
        require(leases[id].state == state, "wrong state");
        _;
    }

    function sign(address payable landlord, uint256 numDays) external payable returns (uint256 id) {
        require(landlord != address(0) && landlord != msg.sender, "landlord");
        require(landlord != arbiter && msg.sender != arbiter, "arbiter is a party");
        require(numDays > 0 && numDays <= MAX_DAYS, "days");
        require(msg.value > 0, "deposit");

        id = ++leaseCount;
        Lease storage l = leases[id];
        l.tenant = msg.sender;
        l.landlord = landlord;
        l.deposit = msg.value;
        l.endBlock = block.number + numDays * BLOCKS_PER_DAY; // <-- time
        l.reportBlock = l.endBlock + REPORT_DAYS * BLOCKS_PER_DAY;
        l.state = State.Signed;
        emit Signed(id, msg.sender, landlord, msg.value);
    }

    function reportDamage(uint256 id, uint256 amount) external inState(id, State.Signed) {
        Lease storage l = leases[id];
        require(msg.sender == l.landlord, "landlord only");
        require(block.number >= l.endBlock, "lease is running"); // <-- time
        require(block.number < l.reportBlock, "too late");
        require(amount > 0 && amount <= l.deposit, "amount");
        l.claimed = amount;
        l.state = State.Disputed;
        emit DamageReported(id, amount);
    }

    function assess(uint256 id, uint256 amount) external inState(id, State.Disputed) {
        require(msg.sender == arbiter, "arbiter only");
        require(amount <= leases[id].claimed, "more than claimed");
        _close(id, amount);
    }

    // The landlord may let go at any time.
    function release(uint256 id) external {
        Lease storage l = leases[id];
        require(msg.sender == l.landlord, "landlord only");
        require(l.state == State.Signed || l.state == State.Disputed, "wrong state");
        _close(id, 0);
    }

    function reclaim(uint256 id) external inState(id, State.Signed) {
        require(msg.sender == leases[id].tenant, "tenant only");
        require(block.number >= leases[id].reportBlock, "too early"); // <-- time
        _close(id, 0);
    }

    function _close(uint256 id, uint256 toLandlord) private {
        Lease storage l = leases[id];
        l.state = State.Closed;
        uint256 toTenant = l.deposit - toLandlord;
        balances[l.landlord] += toLandlord;
        balances[l.tenant] += toTenant;
        emit Closed(id, toTenant, toLandlord);
    }

    function withdraw() external {
        uint256 amount = balances[msg.sender];
        require(amount > 0, "empty");
        balances[msg.sender] = 0;
        msg.sender.transfer(amount);
        emit Withdrawal(msg.sender, amount);
    }
}
