// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/**
 * Token of the coffee traders; two percent of most transfers go to their pension fund. It returns
 * true or reverts.
 */
contract BeanToken {
    function balanceOf(address who) public view returns (uint256);

    function transfer(address to, uint256 amount) public returns (bool);

    function transferFrom(address from, address to, uint256 amount) public returns (bool);
}

/**
 * Members of the club keep a tab in tokens and buy coffee on it. The roaster draws the takings.
 */
contract BeanClub {
    struct Coffee {
        uint256 price;
        bool onSale;
    }

    BeanToken public token;
    address public roaster;
    mapping(address => uint256) public tabOf;
    mapping(uint256 => Coffee) public coffees;
    uint256 public takings;
    bool private serving;

    event CoffeeSet(uint256 indexed coffee, uint256 price, bool onSale);
    event TabFilled(address indexed member, uint256 amount);
    event TabEmptied(address indexed member, uint256 amount);
    event CoffeeBought(address indexed member, uint256 indexed coffee, uint256 cups);
    event TakingsDrawn(uint256 amount);

    modifier onlyRoaster() {
        require(msg.sender == roaster, "roaster only");
        _;
    }

    modifier queue() {
        require(!serving, "please wait");
        serving = true;
        _;
        serving = false;
    }

    constructor(address token_) public {
        require(token_ != address(0), "no token");
        token = BeanToken(token_);
        roaster = msg.sender;
    }

    function setCoffee(uint256 coffee, uint256 price, bool onSale) external onlyRoaster {
        require(price > 0 && price < 1e30, "price");
        coffees[coffee] = Coffee(price, onSale);
        emit CoffeeSet(coffee, price, onSale);
    }

    function fillTab(uint256 amount) external queue {
        uint256 before = token.balanceOf(this);
        require(token.transferFrom(msg.sender, this, amount), "pull failed");
        _addToTab(msg.sender, minus(token.balanceOf(this), before));
    }

    function emptyTab() external queue {
        uint256 amount = tabOf[msg.sender];
        require(amount > 0, "empty tab");
        tabOf[msg.sender] = 0;
        emit TabEmptied(msg.sender, amount);
        require(token.transfer(msg.sender, amount), "push failed");
    }

    function buy(uint256 coffee, uint256 cups, uint256 maxPrice) external queue {
        Coffee storage c = coffees[coffee];
        require(c.onSale && c.price <= maxPrice, "not on sale");
        require(cups > 0 && cups <= 100, "cups");
        uint256 cost = c.price * cups;
        tabOf[msg.sender] = minus(tabOf[msg.sender], cost);
        takings = plus(takings, cost);
        emit CoffeeBought(msg.sender, coffee, cups);
    }

    function drawTakings() external onlyRoaster queue {
        uint256 amount = takings;
        takings = 0;
        emit TakingsDrawn(amount);
        require(token.transfer(roaster, amount), "push failed");
    }

    function _addToTab(address member, uint256 amount) internal {
        require(amount > 0, "nothing to add");
        tabOf[member] = plus(tabOf[member], amount);
        emit TabFilled(member, amount);
    }

    function plus(uint256 a, uint256 b) private pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "overflow");
    }

    function minus(uint256 a, uint256 b) private pure returns (uint256) {
        require(b <= a, "too little");
        return a - b;
    }
}
