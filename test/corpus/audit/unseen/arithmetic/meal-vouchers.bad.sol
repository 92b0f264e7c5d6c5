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

/// Prepaid meals: guests hold vouchers, the kitchen earns as they are eaten.
contract MealVouchers {
    using SafeMath for uint256;

    uint256 public constant MAX_GUESTS = 50;

    address public kitchen;
    uint256 public mealPrice;
    uint256 public kitchenEarned;
    mapping(address => uint256) public vouchers;

    event Bought(address indexed payer, address indexed guest, uint256 meals);
    event Eaten(address indexed guest, uint256 meals);
    event Refunded(address indexed guest, uint256 meals);
    event KitchenPaid(uint256 amount);

    constructor(address _kitchen, uint256 _mealPrice) public {
        require(_kitchen != address(0));
        require(_mealPrice > 0);
        kitchen = _kitchen;
        mealPrice = _mealPrice;
    }

    function buy(uint256 meals) external payable {
        require(msg.value == meals.mul(mealPrice));
        _give(msg.sender, meals);
    }

    // A company buys the same number of meals for each of its people.
    function buyForAll(address[] guests, uint256 mealsEach) external payable {
        uint256 heads = guests.length;
        require(heads > 0 && heads <= MAX_GUESTS);
        uint256 cost = heads * mealsEach * mealPrice; // <-- arithmetic
        require(mealsEach > 0 && msg.value == cost);
        for (uint256 i = 0; i < heads; i++) {
            _give(guests[i], mealsEach);
        }
    }

    function eat(uint256 meals) external {
        _take(msg.sender, meals);
        kitchenEarned = kitchenEarned.add(meals.mul(mealPrice));
        emit Eaten(msg.sender, meals);
    }

    function refund(uint256 meals) external {
        _take(msg.sender, meals);
        emit Refunded(msg.sender, meals);
        msg.sender.transfer(meals.mul(mealPrice));
    }

    function payKitchen() external {
        require(msg.sender == kitchen);
        uint256 amount = kitchenEarned;
        kitchenEarned = 0;
        emit KitchenPaid(amount);
        kitchen.transfer(amount);
    }

    function _give(address guest, uint256 meals) internal {
        require(guest != address(0));
        vouchers[guest] = vouchers[guest].add(meals);
        emit Bought(msg.sender, guest, meals);
    }

    function _take(address guest, uint256 meals) internal {
        require(meals > 0);
        vouchers[guest] = vouchers[guest].sub(meals);
    }
}
