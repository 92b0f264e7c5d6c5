// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

library CheckedUint {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        assert(c >= a);
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        assert(b <= a);
        return a - b;
    }
}

contract TokenBase {
    using CheckedUint for uint256;

    string public name;
    string public symbol;
    uint8 public constant decimals = 18;
    uint256 internal supply;
    mapping(address => uint256) internal balances;
    mapping(address => mapping(address => uint256)) internal allowed;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    constructor(string _name, string _symbol) internal {
        name = _name;
        symbol = _symbol;
    }

    function totalSupply() public view returns (uint256) {
        return supply;
    }

    function balanceOf(address account) public view returns (uint256) {
        return balances[account];
    }

    function allowance(address holder, address spender) public view returns (uint256) {
        return allowed[holder][spender];
    }

    function transfer(address to, uint256 value) public returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) public returns (bool) {
        require(value <= allowed[from][msg.sender], "allowance");
        allowed[from][msg.sender] = allowed[from][msg.sender].sub(value);
        _move(from, to, value);
        return true;
    }

    /// To change an allowance it has to be set to zero first.
    function approve(address spender, uint256 value) public returns (bool) {
        require(value == 0 || allowed[msg.sender][spender] == 0, "set it to zero first");
        allowed[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function increaseApproval(address spender, uint256 more) public returns (bool) {
        allowed[msg.sender][spender] = allowed[msg.sender][spender].add(more);
        emit Approval(msg.sender, spender, allowed[msg.sender][spender]);
        return true;
    }

    function decreaseApproval(address spender, uint256 less) public returns (bool) {
        uint256 old = allowed[msg.sender][spender];
        allowed[msg.sender][spender] = less >= old ? 0 : old - less;
        emit Approval(msg.sender, spender, allowed[msg.sender][spender]);
        return true;
    }

    function _move(address from, address to, uint256 value) internal {
        require(to != address(0) && to != address(this), "to");
        require(value <= balances[from], "balance");
        balances[from] = balances[from].sub(value);
        balances[to] = balances[to].add(value);
        emit Transfer(from, to, value);
    }
}

contract Pausing {
    address public captain;
    address public mate;
    bool public paused;
    uint256 public pausedAt;
    uint256 public constant LONGEST_PAUSE = 14 days;

    event Paused(bool paused);
    event CaptainChanged(address indexed captain);

    constructor() internal {
        captain = msg.sender;
    }

    modifier onlyCaptain() {
        require(msg.sender == captain, "only the captain");
        _;
    }

    /// A pause ends by itself, so it cannot lock anybody in.
    modifier whenRunning() {
        require(!paused || now > pausedAt + LONGEST_PAUSE, "paused");
        _;
    }

    function pause() external onlyCaptain {
        require(now > pausedAt + 2 * LONGEST_PAUSE, "paused not long ago");
        paused = true;
        pausedAt = now;
        emit Paused(true);
    }

    function resume() external onlyCaptain {
        paused = false;
        emit Paused(false);
    }

    function nameMate(address next) external onlyCaptain {
        mate = next;
    }

    function takeOver() external {
        require(msg.sender == mate, "only the mate");
        captain = mate;
        mate = address(0);
        emit CaptainChanged(captain);
    }
}

/**
 * @title Harbour coin
 * Ether is put in and harbour coins are given out, one for one, and back.
 */
contract HarbourCoin is TokenBase, Pausing {
    event Deposited(address indexed account, uint256 value);
    event Withdrawn(address indexed account, uint256 value);
    event SurplusTaken(uint256 value);

    constructor() public TokenBase("Harbour Coin", "HAC") {}

    function() external payable {
        require(msg.data.length == 0, "no such function");
        _deposit(msg.sender, msg.value);
    }

    function deposit() external payable {
        _deposit(msg.sender, msg.value);
    }

    function depositFor(address account) external payable {
        require(account != address(0) && account != address(this), "account");
        _deposit(account, msg.value);
    }

    function withdraw(uint256 value) external whenRunning {
        require(value <= balances[msg.sender], "balance");
        balances[msg.sender] = balances[msg.sender].sub(value);
        supply = supply.sub(value);
        emit Withdrawn(msg.sender, value);
        emit Transfer(msg.sender, address(0), value);
        msg.sender.transfer(value);
    }

    function transfer(address to, uint256 value) public whenRunning returns (bool) {
        return super.transfer(to, value);
    }

    function transferFrom(address from, address to, uint256 value) public whenRunning returns (bool) {
        return super.transferFrom(from, to, value);
    }

    /// Ether that was forced into the contract belongs to no holder.
    function takeSurplus() external onlyCaptain {
        uint256 value = address(this).balance.sub(supply);
        emit SurplusTaken(value);
        msg.sender.transfer(value);
    }

    function _deposit(address account, uint256 value) internal whenRunning {
        balances[account] = balances[account].add(value);
        supply = supply.add(value);
        emit Deposited(account, value);
        emit Transfer(address(0), account, value);
    }
}
