// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// House money. Like older tokens it answers false when a payment cannot be made.
contract HouseCoin {
    uint256 public immutable totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    constructor(uint256 supply) public {
        totalSupply = supply;
        balanceOf[msg.sender] = supply;
        emit Transfer(address(0), msg.sender, supply);
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        return _move(msg.sender, to, value);
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed < value || balanceOf[from] < value) {
            return false;
        }
        allowance[from][msg.sender] = allowed - value;
        return _move(from, to, value);
    }

    function _move(address from, address to, uint256 value) private returns (bool) {
        if (to == address(0) || balanceOf[from] < value) {
            return false;
        }
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
        return true;
    }
}

contract LaundryRoom {
    HouseCoin public immutable coin;
    address public immutable caretaker;
    uint256 public immutable washPrice;
    uint256 public takings;
    mapping(address => uint256) public prepaid;

    event ToppedUp(address indexed tenant, uint256 amount);
    event Washed(address indexed tenant);
    event MovedOut(address indexed tenant, uint256 amount);
    event TakingsDrawn(uint256 amount);

    constructor(HouseCoin _coin, uint256 _washPrice) public {
        require(address(_coin) != address(0), "coin");
        require(_washPrice > 0, "price");
        coin = _coin;
        caretaker = msg.sender;
        washPrice = _washPrice;
    }

    function topUp(uint256 amount) external {
        require(amount > 0, "amount");
        uint256 total = prepaid[msg.sender] + amount;
        require(total >= amount, "too much");
        prepaid[msg.sender] = total;
        require(coin.transferFrom(msg.sender, address(this), amount), "not paid");
        emit ToppedUp(msg.sender, amount);
    }

    function wash() external {
        require(prepaid[msg.sender] >= washPrice, "top up first");
        prepaid[msg.sender] -= washPrice;
        takings += washPrice;
        emit Washed(msg.sender);
    }

    function moveOut() external {
        uint256 amount = prepaid[msg.sender];
        require(amount > 0, "nothing left");
        prepaid[msg.sender] = 0;
        bool paid = coin.transfer(msg.sender, amount);
        require(paid, "not paid");
        emit MovedOut(msg.sender, amount);
    }

    function drawTakings() external {
        require(msg.sender == caretaker, "caretaker only");
        uint256 amount = takings;
        takings = 0;
        require(coin.transfer(caretaker, amount), "not paid");
        emit TakingsDrawn(amount);
    }
}
