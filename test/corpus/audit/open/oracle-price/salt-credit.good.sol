// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

interface IToken {
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

interface IQuoter {
    function getAmountsOut(uint256 amountIn, address[] calldata path) external view returns (uint256[] memory);
}

interface IAggregator {
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}

library Maths {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "overflow");
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "underflow");
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a * b;
        require(a == 0 || c / a == b, "overflow");
    }
}

/// @title Dollars lent without interest against SALT; both tokens have 18 decimals and return true
/// @notice The treasury lends; the feed has 8 decimals.
contract SaltCredit {
    using Maths for uint256;

    uint256 public constant LOAN_TO_VALUE = 60;
    uint256 public constant LIQUIDATE_AT = 80;

    IToken public immutable salt;
    IToken public immutable dollar;
    IQuoter public immutable router;
    IAggregator public immutable saltFeed;
    address public immutable treasury;
    mapping(address => uint256) public pledged;
    mapping(address => uint256) public owed;

    event Pledged(address indexed who, uint256 amount);
    event Borrowed(address indexed who, uint256 amount);
    event Repaid(address indexed who, uint256 amount);
    event Seized(address indexed who, address indexed by, uint256 debt, uint256 amount);

    constructor(IToken salt_, IToken dollar_, IQuoter router_, IAggregator feed_) public {
        salt = salt_;
        dollar = dollar_;
        router = router_;
        saltFeed = feed_;
        treasury = msg.sender;
    }

    function takeBack(uint256 amount) external {
        require(msg.sender == treasury, "treasury");
        require(dollar.transfer(treasury, amount), "dollar");
    }

    function pledge(uint256 amount) external {
        pledged[msg.sender] = pledged[msg.sender].add(amount);
        require(salt.transferFrom(msg.sender, address(this), amount), "salt");
        emit Pledged(msg.sender, amount);
    }

    function release(uint256 amount) external {
        pledged[msg.sender] = pledged[msg.sender].sub(amount);
        require(_within(msg.sender, LOAN_TO_VALUE), "too much");
        require(salt.transfer(msg.sender, amount), "salt");
    }

    function borrow(uint256 amount) external {
        owed[msg.sender] = owed[msg.sender].add(amount);
        require(_within(msg.sender, LOAN_TO_VALUE), "too much");
        require(dollar.transfer(msg.sender, amount), "dollar");
        emit Borrowed(msg.sender, amount);
    }

    function repay(uint256 amount) external {
        owed[msg.sender] = owed[msg.sender].sub(amount);
        require(dollar.transferFrom(msg.sender, address(this), amount), "dollar");
        emit Repaid(msg.sender, amount);
    }

    function seize(address who) external {
        require(!_within(who, LIQUIDATE_AT), "healthy");
        uint256 debt = owed[who];
        uint256 amount = pledged[who];
        owed[who] = 0;
        pledged[who] = 0;
        require(dollar.transferFrom(msg.sender, address(this), debt), "dollar");
        require(salt.transfer(msg.sender, amount), "salt");
        emit Seized(who, msg.sender, debt, amount);
    }

    function worth(uint256 amount) public view returns (uint256) {
        if (amount == 0) return 0;
        (, int256 answer, , uint256 updatedAt, ) = saltFeed.latestRoundData();
        require(answer > 0 && updatedAt != 0, "no price");
        require(block.timestamp.sub(updatedAt) <= 1 hours, "old price");
        return amount.mul(uint256(answer)) / 1e8;
    }

    function _within(address who, uint256 percent) private view returns (bool) {
        if (owed[who] == 0) return true;
        return worth(pledged[who]).mul(percent) / 100 >= owed[who];
    }
}
