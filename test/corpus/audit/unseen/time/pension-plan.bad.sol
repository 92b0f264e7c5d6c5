pragma solidity ^0.4.24;

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
        if (a == 0) return 0;
        uint256 c = a * b;
        require(c / a == b);
        return c;
    }
}

contract PensionPlan {
    using SafeMath for uint256;

    uint256 public constant MONTH = 30 days;
    uint256 public constant LAPSE = 1825 days;
    uint256 public constant MAX_MONTHS = 600;

    struct Plan {
        address sponsor;
        address retiree;
        uint256 rate;
        uint256 left;
        uint256 startsAt;
        uint256 lastPaid;
    }

    Plan[] private plans;

    event PlanOpened(uint256 indexed id, address indexed sponsor, address indexed retiree, uint256 rate);
    event RetireeMoved(uint256 indexed id, address from, address to);
    event PensionPaid(uint256 indexed id, uint256 amount);
    event PlanLapsed(uint256 indexed id, uint256 amount);

    function planOf(uint256 id) external view returns (address, address, uint256, uint256, uint256) {
        Plan storage p = plans[id];
        return (p.sponsor, p.retiree, p.rate, p.left, p.lastPaid);
    }

    function openPlan(address retiree, uint256 months, uint256 firstIn) external payable returns (uint256 id) {
        require(retiree != address(0), "retiree missing");
        require(months > 0 && months <= MAX_MONTHS, "months");
        require(firstIn <= 365 days, "start");
        uint256 rate = msg.value / months;
        require(rate > 0 && rate.mul(months) == msg.value, "uneven amount");

        id = plans.length;
        plans.push(Plan({
            sponsor: msg.sender,
            retiree: retiree,
            rate: rate,
            left: msg.value,
            startsAt: now.add(firstIn),
            lastPaid: now.add(firstIn)
        }));
        emit PlanOpened(id, msg.sender, retiree, rate);
    }

    function moveTo(uint256 id, address account) external {
        Plan storage p = plans[id];
        require(msg.sender == p.retiree);
        require(account != address(0));
        emit RetireeMoved(id, p.retiree, account);
        p.retiree = account;
    }

    function drawPension(uint256 id) external {
        Plan storage p = plans[id];
        require(msg.sender == p.retiree, "not yours");
        require(p.left >= p.rate, "used up");
        require(now > p.lastPaid, "paid already");
        // pay day comes every thirty days
        require(now.sub(p.startsAt) % MONTH == 0, "not a pay day"); // <-- time
        p.lastPaid = now;
        p.left = p.left.sub(p.rate);
        msg.sender.transfer(p.rate);
        emit PensionPaid(id, p.rate);
    }

    // Nobody drew for five years: the rest returns to the sponsor.
    function lapse(uint256 id) external {
        Plan storage p = plans[id];
        require(msg.sender == p.sponsor);
        require(now >= p.lastPaid.add(LAPSE), "still alive");
        uint256 amount = p.left;
        require(amount > 0);
        p.left = 0;
        msg.sender.transfer(amount);
        emit PlanLapsed(id, amount);
    }
}
