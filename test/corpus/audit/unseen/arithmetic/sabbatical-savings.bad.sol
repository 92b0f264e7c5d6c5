pragma solidity ^0.5.17;

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

/**
 * The employer puts money aside for a long leave. It is released at the date
 * agreed; the employee may put his leave off, never bring it forward.
 */
contract SabbaticalSavings {
    using SafeMath for uint256;

    struct Plan {
        uint256 saved;
        uint256 leaveAt;
    }

    uint256 public constant MIN_TERM = 365 days;
    uint256 public constant MAX_TERM = 3650 days;

    address payable public employer;
    mapping(address => Plan) public plans;

    event Started(address indexed employee, uint256 leaveAt);
    event Saved(address indexed employee, uint256 amount);
    event Postponed(address indexed employee, uint256 leaveAt);
    event Left(address indexed employee, uint256 amount);
    event Dismissed(address indexed employee, uint256 returned);

    modifier onlyEmployer() {
        require(msg.sender == employer, "employer only");
        _;
    }

    constructor() public {
        employer = msg.sender;
    }

    function start(address employee, uint256 term) external onlyEmployer {
        require(employee != address(0), "employee");
        require(plans[employee].leaveAt == 0, "has a plan");
        require(term >= MIN_TERM && term <= MAX_TERM, "term");
        plans[employee].leaveAt = now.add(term);
        emit Started(employee, plans[employee].leaveAt);
    }

    function save(address employee) external payable onlyEmployer {
        Plan storage plan = plans[employee];
        require(plan.leaveAt > now, "no running plan");
        plan.saved = plan.saved.add(msg.value);
        emit Saved(employee, msg.value);
    }

    function postpone(uint256 byDays) external {
        Plan storage plan = plans[msg.sender];
        require(plan.leaveAt != 0, "no plan");
        plan.leaveAt += byDays * 1 days; // <-- arithmetic
        emit Postponed(msg.sender, plan.leaveAt);
    }

    function leave() external {
        Plan storage plan = plans[msg.sender];
        uint256 amount = plan.saved;
        require(amount > 0, "nothing saved");
        require(now >= plan.leaveAt, "not yet");
        delete plans[msg.sender];
        emit Left(msg.sender, amount);
        msg.sender.transfer(amount);
    }

    // Whoever quits before his leave gives the savings back.
    function dismiss(address employee) external onlyEmployer {
        Plan storage plan = plans[employee];
        require(plan.leaveAt > now, "no running plan");
        uint256 amount = plan.saved;
        delete plans[employee];
        emit Dismissed(employee, amount);
        employer.transfer(amount);
    }
}
