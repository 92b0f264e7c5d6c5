pragma solidity ^0.4.24;

contract Token {
    uint256 public totalSupply;

    function balanceOf(address _owner) public view returns (uint256 balance);
    function transfer(address _to, uint256 _value) public returns (bool success);
    function transferFrom(address _from, address _to, uint256 _value) public returns (bool success);
    function approve(address _spender, uint256 _value) public returns (bool success);
    function allowance(address _owner, address _spender) public view returns (uint256 remaining);

    event Transfer(address indexed _from, address indexed _to, uint256 _value);
    event Approval(address indexed _owner, address indexed _spender, uint256 _value);
}

contract StandardToken is Token {
    mapping(address => uint256) balances;
    mapping(address => mapping(address => uint256)) allowed;

    function balanceOf(address _owner) public view returns (uint256 balance) {
        return balances[_owner];
    }

    function transfer(address _to, uint256 _value) public returns (bool success) {
        require(_to != 0x0);
        require(balances[msg.sender] >= _value);
        balances[msg.sender] -= _value;
        balances[_to] += _value;
        Transfer(msg.sender, _to, _value);
        return true;
    }

    function transferFrom(address _from, address _to, uint256 _value) public returns (bool success) {
        require(_to != 0x0);
        require(balances[_from] >= _value);
        require(allowed[_from][msg.sender] >= _value);
        allowed[_from][msg.sender] -= _value;
        balances[_from] -= _value;
        balances[_to] += _value;
        Transfer(_from, _to, _value);
        return true;
    }

    // To change an allowance, set it to zero first.
    function approve(address _spender, uint256 _value) public returns (bool success) {
        require(_value == 0 || allowed[msg.sender][_spender] == 0);
        allowed[msg.sender][_spender] = _value;
        Approval(msg.sender, _spender, _value);
        return true;
    }

    function decreaseApproval(address _spender, uint256 _by) public returns (bool success) {
        uint256 old = allowed[msg.sender][_spender];
        allowed[msg.sender][_spender] = _by > old ? 0 : old - _by;
        Approval(msg.sender, _spender, allowed[msg.sender][_spender]);
        return true;
    }

    function allowance(address _owner, address _spender) public view returns (uint256 remaining) {
        return allowed[_owner][_spender];
    }
}

// Ten stamps are worth one coffee; the shop hands them out from its own stock.
contract StampCard is StandardToken {
    string public constant name = "Coffee Stamp";
    string public constant symbol = "STMP";
    uint8 public constant decimals = 0;
    uint256 public constant STAMPS_PER_COFFEE = 10;

    address public shop;
    mapping(address => uint256) public coffees;

    event Coffee(address indexed guest);

    function StampCard(uint256 _supply) public {
        shop = msg.sender;
        totalSupply = _supply;
        balances[msg.sender] = _supply;
        Transfer(0x0, msg.sender, _supply);
    }

    function redeem() public {
        require(transfer(shop, STAMPS_PER_COFFEE));
        coffees[msg.sender] += 1;
        Coffee(msg.sender);
    }
}
