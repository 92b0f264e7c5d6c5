// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

interface IToken {
    function balanceOf(address who) external view returns (uint256);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

interface IFeed {
    function decimals() external view returns (uint8);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}

library Calc {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "sum too large");
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "difference below zero");
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256 c) {
        if (a == 0) return 0;
        c = a * b;
        require(c / a == b, "product too large");
    }
}

/// @title Credit in dollars for traders who leave tea tokens as security
/// @notice Both tokens have 18 decimals.
contract TeaTradeCredit {
    using Calc for uint256;

    uint256 private constant ONE = 1e18;
    uint256 public constant COVER_PERCENT = 180;

    IToken public immutable tea;
    IToken public immutable dollar;
    address public immutable pool;
    IFeed public immutable feed;
    address public immutable house;

    mapping(address => uint256) public security;
    mapping(address => uint256) public credit;

    event Left(address indexed trader, uint256 amount);
    event TakenBack(address indexed trader, uint256 amount);
    event Drawn(address indexed trader, uint256 amount);
    event Settled(address indexed trader, uint256 amount);

    constructor(IToken tea_, IToken dollar_, address pool_, IFeed feed_) public {
        require(address(tea_) != address(0) && address(dollar_) != address(0), "no token");
        require(pool_ != address(0) && feed_.decimals() == 8, "no price");
        tea = tea_;
        dollar = dollar_;
        pool = pool_;
        feed = feed_;
        house = msg.sender;
    }

    function leave(uint256 amount) external {
        security[msg.sender] = security[msg.sender].add(amount);
        emit Left(msg.sender, amount);
        require(tea.transferFrom(msg.sender, address(this), amount), "transfer failed");
    }

    function takeBack(uint256 amount) external {
        security[msg.sender] = security[msg.sender].sub(amount);
        requireCover(msg.sender);
        emit TakenBack(msg.sender, amount);
        require(tea.transfer(msg.sender, amount), "transfer failed");
    }

    function draw(uint256 amount) external {
        credit[msg.sender] = credit[msg.sender].add(amount);
        requireCover(msg.sender);
        emit Drawn(msg.sender, amount);
        require(dollar.transfer(msg.sender, amount), "transfer failed");
    }

    function settle(uint256 amount) external {
        credit[msg.sender] = credit[msg.sender].sub(amount);
        emit Settled(msg.sender, amount);
        require(dollar.transferFrom(msg.sender, house, amount), "transfer failed");
    }

    /// @notice Dollars for one tea token.
    function teaPrice() public view returns (uint256) {
        uint256 teaInPool = tea.balanceOf(pool); // <-- oracle-price
        uint256 dollarsInPool = dollar.balanceOf(pool); // <-- oracle-price
        require(teaInPool > 0, "pool is empty");
        return dollarsInPool.mul(ONE) / teaInPool;
    }

    function requireCover(address trader) internal view {
        uint256 owed = credit[trader];
        if (owed == 0) return;
        uint256 worth = security[trader].mul(teaPrice()) / ONE;
        require(worth.mul(100) >= owed.mul(COVER_PERCENT), "not enough security");
    }
}
