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

contract Airline {
    address public operator;
    mapping(address => bool) public desks;

    event DeskSet(address indexed desk, bool active);

    function Airline() public {
        operator = msg.sender;
    }

    modifier onlyOperator {
        require(msg.sender == operator);
        _;
    }

    modifier onlyDesk {
        require(desks[msg.sender]);
        _;
    }

    function setDesk(address desk, bool active) public onlyOperator {
        require(desk != address(0));
        desks[desk] = active;
        DeskSet(desk, active);
    }
}

contract MileagePoints is Airline {
    using SafeMath for uint256;

    string public constant name = "Mileage Points";
    uint256 public constant MAX_PER_FLIGHT = 30000;

    uint256 public issued;
    mapping(address => uint256) public points;
    mapping(bytes32 => bool) flown;

    event Credited(address indexed flyer, uint256 amount);
    event Given(address indexed from, address indexed to, uint256 amount);
    event Upgraded(address indexed flyer, uint256 cost);

    // One ticket counts once.
    function flight(bytes32 ticket, address flyer, uint256 miles) public onlyDesk {
        require(!flown[ticket]);
        require(flyer != address(0));
        require(miles > 0 && miles <= MAX_PER_FLIGHT);
        flown[ticket] = true;
        _credit(flyer, miles);
    }

    function give(address to, uint256 amount) public returns (bool) {
        require(to != address(0));
        _debit(msg.sender, amount);
        points[to] = points[to].add(amount);
        Given(msg.sender, to, amount);
        return true;
    }

    function upgrade(uint256 cost) public {
        require(cost > 0);
        _debit(msg.sender, cost);
        issued = issued.sub(cost);
        Upgraded(msg.sender, cost);
    }

    function _credit(address flyer, uint256 amount) { // <-- access-control
        issued = issued.add(amount);
        points[flyer] = points[flyer].add(amount);
        Credited(flyer, amount);
    }

    function _debit(address flyer, uint256 amount) internal {
        points[flyer] = points[flyer].sub(amount);
    }
}
