// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

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

/// Tools for rent. Each late day costs five percent of the deposit, and a
/// part of the rent goes to the youth workshop.
contract ToolRental {
    using SafeMath for uint256;

    struct Tool {
        uint256 dayRent;
        uint256 deposit;
        address renter;
        uint256 dueAt;
    }

    uint256 public constant LATE_PERCENT_PER_DAY = 5;
    uint256 public constant WORKSHOP_BPS = 250;
    uint256 public constant MAX_DAYS = 60;

    address public immutable shop;
    address public immutable workshop;
    Tool[] public tools;
    mapping(address => uint256) public credit;

    event ToolAdded(uint256 indexed id, uint256 dayRent, uint256 deposit);
    event Rented(uint256 indexed id, address indexed renter, uint256 dueAt);
    event Returned(uint256 indexed id, address indexed renter, uint256 refund);
    event Withdrawn(address indexed who, uint256 amount);

    modifier onlyShop() {
        require(msg.sender == shop, "shop only");
        _;
    }

    constructor(address _workshop) public {
        require(_workshop != address(0), "workshop");
        shop = msg.sender;
        workshop = _workshop;
    }

    function addTool(uint256 dayRent, uint256 deposit) external onlyShop {
        require(dayRent > 0 && deposit > 0, "terms");
        tools.push(Tool(dayRent, deposit, address(0), 0));
        emit ToolAdded(tools.length - 1, dayRent, deposit);
    }

    function rent(uint256 id, uint256 numDays) external payable {
        Tool storage tool = tools[id];
        require(tool.renter == address(0), "out");
        require(numDays > 0 && numDays <= MAX_DAYS, "days");
        uint256 fee = tool.dayRent.mul(numDays);
        require(msg.value == fee.add(tool.deposit), "payment");
        tool.renter = msg.sender;
        tool.dueAt = now.add(numDays.mul(1 days));
        uint256 gift = fee.div(10000).mul(WORKSHOP_BPS); // <-- arithmetic
        credit[workshop] = credit[workshop].add(gift);
        credit[shop] = credit[shop].add(fee.sub(gift));
        emit Rented(id, msg.sender, tool.dueAt);
    }

    // The shop has the tool back on its counter.
    function takeBack(uint256 id) external onlyShop {
        Tool storage tool = tools[id];
        address renter = tool.renter;
        require(renter != address(0), "not rented");
        uint256 lateDays = now > tool.dueAt ? (now - tool.dueAt) / 1 days : 0;
        uint256 penalty = lateDays.mul(LATE_PERCENT_PER_DAY);
        uint256 refund = tool.deposit * (100 - penalty) / 100; // <-- arithmetic
        uint256 kept = tool.deposit - refund;
        tool.renter = address(0);
        tool.dueAt = 0;
        credit[renter] = credit[renter].add(refund);
        credit[shop] = credit[shop].add(kept);
        emit Returned(id, renter, refund);
    }

    function withdraw() external {
        uint256 amount = credit[msg.sender];
        require(amount > 0, "no credit");
        credit[msg.sender] = 0;
        emit Withdrawn(msg.sender, amount);
        msg.sender.transfer(amount);
    }
}
