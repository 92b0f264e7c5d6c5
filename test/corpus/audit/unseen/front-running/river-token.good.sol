pragma solidity ^0.4.24;

library SafeMath {
  function mul(uint256 a, uint256 b) internal pure returns (uint256 c) {
    if (a == 0) {
      return 0;
    }
    c = a * b;
    assert(c / a == b);
    return c;
  }

  function sub(uint256 a, uint256 b) internal pure returns (uint256) {
    assert(b <= a);
    return a - b;
  }

  function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
    c = a + b;
    assert(c >= a);
    return c;
  }
}

contract ERC20 {
  function totalSupply() public view returns (uint256);
  function balanceOf(address who) public view returns (uint256);
  function allowance(address owner, address spender) public view returns (uint256);
  function transfer(address to, uint256 value) public returns (bool);
  function transferFrom(address from, address to, uint256 value) public returns (bool);
  function approve(address spender, uint256 value) public returns (bool);
  event Transfer(address indexed from, address indexed to, uint256 value);
  event Approval(address indexed owner, address indexed spender, uint256 value);
}

contract StandardToken is ERC20 {
  using SafeMath for uint256;

  mapping(address => uint256) internal balances;
  mapping(address => mapping(address => uint256)) internal allowed;
  uint256 internal supply;

  function totalSupply() public view returns (uint256) {
    return supply;
  }

  function balanceOf(address _who) public view returns (uint256) {
    return balances[_who];
  }

  function allowance(address _owner, address _spender) public view returns (uint256) {
    return allowed[_owner][_spender];
  }

  function transfer(address _to, uint256 _value) public returns (bool) {
    move(msg.sender, _to, _value);
    return true;
  }

  function transferFrom(address _from, address _to, uint256 _value) public returns (bool) {
    allowed[_from][msg.sender] = allowed[_from][msg.sender].sub(_value);
    move(_from, _to, _value);
    return true;
  }

  function approve(address _spender, uint256 _value) public returns (bool) {
    require(_spender != address(0));
    require(_value == 0 || allowed[msg.sender][_spender] == 0);
    allowed[msg.sender][_spender] = _value;
    emit Approval(msg.sender, _spender, _value);
    return true;
  }

  function move(address _from, address _to, uint256 _value) internal {
    require(_to != address(0));
    balances[_from] = balances[_from].sub(_value);
    balances[_to] = balances[_to].add(_value);
    emit Transfer(_from, _to, _value);
  }
}

// Sold to pay for the cleaning of the river, at a fixed rate.
contract RiverToken is StandardToken {
  string public constant name = "River Token";
  string public constant symbol = "RIV";
  uint8 public constant decimals = 18;

  uint256 public constant RATE = 500;
  uint256 public constant CAP = 10000000 ether;

  address public cleaners;
  uint256 public opensAt;
  uint256 public closesAt;

  event Purchase(address indexed buyer, uint256 paid, uint256 tokens);
  event Forwarded(uint256 amount);

  constructor(address _cleaners, uint256 _opensAt) public {
    require(_cleaners != address(0));
    require(_opensAt >= now && _opensAt <= now + 180 days);
    cleaners = _cleaners;
    opensAt = _opensAt;
    closesAt = _opensAt + 60 days;
  }

  function () external payable {
    buy();
  }

  function buy() public payable {
    require(now >= opensAt && now < closesAt);
    require(msg.value > 0);
    uint256 tokens = msg.value.mul(RATE);
    require(supply.add(tokens) <= CAP);
    supply = supply.add(tokens);
    balances[msg.sender] = balances[msg.sender].add(tokens);
    emit Purchase(msg.sender, msg.value, tokens);
    emit Transfer(address(0), msg.sender, tokens);
  }

  function forward() external {
    require(msg.sender == cleaners);
    uint256 amount = address(this).balance;
    cleaners.transfer(amount);
    emit Forwarded(amount);
  }
}
