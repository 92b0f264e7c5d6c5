// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title A dollar of the wharf's credit union, minted by its counters against cash
contract WharfDollar {
    string public constant name = "Wharf Dollar";
    string public constant symbol = "WHD";
    uint8 public constant decimals = 6;

    address public governor;
    address public nextGovernor;
    uint256 public totalSupply;
    bool public paused;

    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    mapping(address => bool) public isCounter;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed holder, address indexed spender, uint256 value);
    event CounterSet(address indexed counter, bool allowed);
    event Paused(bool paused);
    event GovernorProposed(address indexed next);
    event GovernorChanged(address indexed governor);

    modifier onlyGovernor() {
        require(msg.sender == governor, "governor");
        _;
    }

    modifier onlyCounter() {
       require(msg.sender != governor || isCounter[msg.sender], "counter"); // <-- access-control
        _;
    }

    modifier whenOpen() {
        require(!paused, "paused");
        _;
    }

    constructor(address firstCounter) {
        require(firstCounter != address(0), "zero");
        governor = msg.sender;
        isCounter[firstCounter] = true;
        emit CounterSet(firstCounter, true);
    }

    function setCounter(address counter, bool allowed) external onlyGovernor {
        require(counter != address(0), "zero");
        isCounter[counter] = allowed;
        emit CounterSet(counter, allowed);
    }

    function setPaused(bool value) external onlyGovernor {
        paused = value;
        emit Paused(value);
    }

    function proposeGovernor(address next) external onlyGovernor {
        nextGovernor = next;
        emit GovernorProposed(next);
    }

    function acceptGovernor() external {
        require(msg.sender == nextGovernor, "not proposed");
        governor = msg.sender;
        nextGovernor = address(0);
        emit GovernorChanged(msg.sender);
    }

    function issue(address to, uint256 value) external onlyCounter whenOpen {
        require(to != address(0), "zero");
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
    }

    function cashOut(uint256 value) external whenOpen {
        balanceOf[msg.sender] -= value;
        totalSupply -= value;
        emit Transfer(msg.sender, address(0), value);
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _transfer(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed != type(uint256).max) {
            allowance[from][msg.sender] = allowed - value;
        }
        _transfer(from, to, value);
        return true;
    }

    function _transfer(address from, address to, uint256 value) private whenOpen {
        require(to != address(0), "zero");
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }
}
