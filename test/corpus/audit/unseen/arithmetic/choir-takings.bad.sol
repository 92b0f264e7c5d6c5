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

contract Conducted {
    address public conductor;

    function Conducted() public {
        conductor = msg.sender;
    }

    modifier onlyConductor() {
        require(msg.sender == conductor);
        _;
    }
}

// The takings of each concert are divided among the singers who are enrolled.
contract ChoirTakings is Conducted {
    using SafeMath for uint256;

    uint256 public constant MAX_SINGERS = 300;

    address[] public singers;
    uint256 public undivided;
    mapping(address => bool) public enrolled;
    mapping(address => uint256) public credit;

    event Enrolled(address indexed singer);
    event Takings(address indexed payer, uint256 amount);
    event Divided(uint256 each, uint256 singers);
    event Paid(address indexed singer, uint256 amount);

    function enrol(address singer) public onlyConductor {
        require(singer != 0x0);
        require(!enrolled[singer]);
        require(singers.length < MAX_SINGERS);
        enrolled[singer] = true;
        singers.push(singer);
        Enrolled(singer);
    }

    function takings() public payable {
        require(msg.value > 0);
        undivided = undivided.add(msg.value);
        Takings(msg.sender, msg.value);
    }

    function divide() public onlyConductor {
        require(singers.length > 0);
        uint256 each = undivided.div(singers.length);
        require(each > 0);
        undivided = undivided.sub(each.mul(singers.length));
        for (var i = 0; i < singers.length; i++) { // <-- arithmetic
            var singer = singers[i];
            credit[singer] = credit[singer].add(each);
        }
        Divided(each, singers.length);
    }

    function singerCount() public constant returns (uint256) {
        return singers.length;
    }

    function withdraw() public {
        var amount = credit[msg.sender];
        require(amount > 0);
        credit[msg.sender] = 0;
        Paid(msg.sender, amount);
        msg.sender.transfer(amount);
    }
}
