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

/// Colleagues put money together for a gift. When the goal is met the shop is
/// paid; when it is not met in time everybody takes his part back.
contract GroupGift {
    using SafeMath for uint256;

    address public shop;
    uint256 public goal;
    uint256 public deadline;
    uint256 public collected;
    bool public bought;
    mapping(address => uint256) public parts;

    event Part(address indexed from, uint256 amount);
    event Back(address indexed to, uint256 amount);
    event Purchased(address indexed shop, uint256 amount);

    constructor(address _shop, uint256 _goal, uint256 _days) public {
        require(_shop != address(0), "shop");
        require(_goal > 0, "goal");
        require(_days > 0 && _days <= 90, "days");
        shop = _shop;
        goal = _goal;
        deadline = now.add(_days.mul(1 days));
    }

    modifier running() {
        require(!bought && now < deadline, "over");
        _;
    }

    function chipIn() external payable running {
        require(msg.value > 0, "nothing sent");
        // never more than the gift costs
        require(collected.add(msg.value) <= goal, "too much");
        collected = collected.add(msg.value);
        parts[msg.sender] = parts[msg.sender].add(msg.value);
        emit Part(msg.sender, msg.value);
    }

    function takeBack() external {
        require(!bought, "bought already");
        require(now >= deadline, "still running");
        uint256 amount = parts[msg.sender];
        require(amount > 0, "no part");
        parts[msg.sender] = 0;
        collected = collected.sub(amount);
        emit Back(msg.sender, amount);
        msg.sender.transfer(amount);
    }

    function purchase() external running {
        require(address(this).balance == goal, "goal not met"); // <-- selfdestruct-and-locked-ether
        bought = true;
        uint256 amount = address(this).balance;
        emit Purchased(shop, amount);
        shop.transfer(amount);
    }

    function missing() external view returns (uint256) {
        return goal.sub(collected);
    }
}
