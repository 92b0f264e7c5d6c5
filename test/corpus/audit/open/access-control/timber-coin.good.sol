pragma solidity ^0.4.24;

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a);
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a);
        return a - b;
    }
}

contract Forester {
    address public forester;

    event ForesterChanged(address indexed before, address indexed current);

    constructor() public {
        forester = msg.sender;
    }

    modifier onlyForester() {
        require(msg.sender == forester);
        _;
    }

    function handOver(address heir) external onlyForester {
        require(heir != address(0));
        appoint(heir);
    }

   function appoint(address heir) internal {
        emit ForesterChanged(forester, heir);
        forester = heir;
    }
}

/// Coins for felled timber; a coin stands for a cubic metre in the yard.
contract TimberCoin is Forester {
    using SafeMath for uint256;

    string public name = "Timber Coin";
    string public symbol = "TMB";
    uint8 public decimals = 3;
    uint256 public totalSupply;

    mapping(address => uint256) private held;
    mapping(address => mapping(address => uint256)) private allowed;
    mapping(bytes32 => bool) public weighed;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed holder, address indexed spender, uint256 value);
    event Weighed(bytes32 indexed slip, address indexed owner, uint256 volume);

    function balanceOf(address who) public view returns (uint256) {
        return held[who];
    }

    function allowance(address holder, address spender) public view returns (uint256) {
        return allowed[holder][spender];
    }

    function weigh(bytes32 slip, address owner, uint256 volume) external onlyForester {
        require(owner != address(0) && volume > 0);
        require(!weighed[slip]);
        weighed[slip] = true;
        totalSupply = totalSupply.add(volume);
        held[owner] = held[owner].add(volume);
        emit Weighed(slip, owner, volume);
        emit Transfer(address(0), owner, volume);
    }

    function collect(uint256 volume) external {
        held[msg.sender] = held[msg.sender].sub(volume);
        totalSupply = totalSupply.sub(volume);
        emit Transfer(msg.sender, address(0), volume);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        move(msg.sender, to, value);
        return true;
    }

    function increaseApproval(address spender, uint256 more) external returns (bool) {
        allowed[msg.sender][spender] = allowed[msg.sender][spender].add(more);
        emit Approval(msg.sender, spender, allowed[msg.sender][spender]);
        return true;
    }

    function decreaseApproval(address spender, uint256 less) external returns (bool) {
        allowed[msg.sender][spender] = allowed[msg.sender][spender].sub(less);
        emit Approval(msg.sender, spender, allowed[msg.sender][spender]);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        allowed[from][msg.sender] = allowed[from][msg.sender].sub(value);
        move(from, to, value);
        return true;
    }

    function move(address from, address to, uint256 value) internal {
        require(to != address(0));
        held[from] = held[from].sub(value);
        held[to] = held[to].add(value);
        emit Transfer(from, to, value);
    }
}
