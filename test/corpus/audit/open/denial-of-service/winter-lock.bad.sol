pragma solidity ^0.5.17;

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "add");
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "sub");
        return a - b;
    }
}

contract Stewarded {
    address public steward;
    address public successor;

    event StewardChanged(address indexed steward);

    modifier onlySteward() {
        require(msg.sender == steward, "only the steward");
        _;
    }

    constructor() internal {
        steward = msg.sender;
    }

    function nameSuccessor(address who) external onlySteward {
        successor = who;
    }

    function succeed() external {
        require(msg.sender == successor, "only the successor");
        steward = successor;
        successor = address(0);
        emit StewardChanged(steward);
    }
}

/// Ether that villagers lock over the winter; whoever stays till spring shares the forfeits.
contract WinterLock is Stewarded {
    using SafeMath for uint256;

    uint256 public springAt;
    uint256 public lockingEnds;
    uint256 public lockedTotal;
    uint256 public forfeits;
    bool public open = true;
    mapping(address => uint256) public locked;

    event Locked(address indexed who, uint256 amount);
    event LeftEarly(address indexed who, uint256 paid, uint256 forfeit);
    event Returned(address indexed who, uint256 amount);
    event OpenSet(bool open);

    constructor(uint256 days_) public {
        require(days_ > 7 && days_ < 200, "days");
        springAt = now.add(days_ * 1 days);
        lockingEnds = now.add(5 days);
    }

    function setOpen(bool value) external onlySteward {
        open = value;
        emit OpenSet(value);
    }

    function lock() external payable {
        require(open && now < lockingEnds, "not open");
        require(msg.value > 0, "value");
        lockedTotal = lockedTotal.add(msg.value);
        locked[msg.sender] = locked[msg.sender].add(msg.value);
        emit Locked(msg.sender, msg.value);
    }

    function leaveEarly() external {
        require(now < springAt, "spring");
        uint256 amount = locked[msg.sender];
        require(amount > 0, "nothing locked");
        uint256 forfeit = amount / 10;
        locked[msg.sender] = 0;
        lockedTotal = lockedTotal.sub(amount);
        forfeits = forfeits.add(forfeit);
        emit LeftEarly(msg.sender, amount - forfeit, forfeit);
        pay(amount - forfeit);
    }

    function inSpring() external {
        require(now >= springAt, "winter");
       require(address(this).balance == lockedTotal.add(forfeits), "books"); // <-- denial-of-service
        uint256 amount = locked[msg.sender];
        require(amount > 0, "nothing locked");
        uint256 bonus = bonusOf(amount);
        locked[msg.sender] = 0;
        lockedTotal = lockedTotal.sub(amount);
        forfeits = forfeits.sub(bonus);
        emit Returned(msg.sender, amount.add(bonus));
        pay(amount.add(bonus));
    }

    /// When everybody left early, the forfeits are the village's.
    function clear() external onlySteward {
        require(now >= springAt && lockedTotal == 0, "not yet");
        uint256 rest = forfeits;
        forfeits = 0;
        pay(rest);
    }

    function bonusOf(uint256 amount) public view returns (uint256) {
        if (lockedTotal == 0 || forfeits == 0) return 0;
        require(amount < 2 ** 120 && forfeits < 2 ** 120, "range");
        return amount * forfeits / lockedTotal;
    }

    function pay(uint256 amount) private {
        (bool ok, ) = msg.sender.call.value(amount)("");
        require(ok, "payment");
    }
}
