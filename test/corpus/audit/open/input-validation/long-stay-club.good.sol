// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "SafeMath: add");
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "SafeMath: sub");
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256 c) {
        if (a == 0) return 0;
        c = a * b;
        require(c / a == b, "SafeMath: mul");
    }
}

/// @title Guests who promise a long stay share more of the club's income
contract LongStayClub {
    using SafeMath for uint256;

    struct Stay {
        uint256 amount;
        uint256 weight;
        uint256 until;
        uint256 settledAt;
    }

    uint256 private constant SCALE = 1e18;
    uint256 public constant EXTRA_PER_WEEK = 4;
    uint256 public constant LONGEST = 104;

    IERC20 public immutable deposits;
    IERC20 public immutable income;
    address public immutable host;
    uint256 public totalWeight;
    uint256 public incomePerWeight;
    mapping(address => Stay) public stays;
    mapping(address => uint256) public due;

    event Arrived(address indexed guest, uint256 amount, uint256 weight, uint256 until);
    event Left(address indexed guest, uint256 amount);
    event Income(uint256 amount);
    event Paid(address indexed guest, uint256 amount);

    constructor(IERC20 deposits_, IERC20 income_) {
        require(address(deposits_) != address(0) && address(income_) != address(0), "zero");
        require(address(deposits_) != address(income_), "same");
        deposits = deposits_;
        income = income_;
        host = msg.sender;
    }

    /// @param numWeeks how long the guest promises to stay
    function arrive(uint256 amount, uint256 numWeeks) external {
        Stay storage stay = stays[msg.sender];
        require(stay.amount == 0, "staying");
        require(amount > 0, "amount");
       require(numWeeks > 0 && numWeeks <= LONGEST, "weeks");
       uint256 weight = amount.mul(numWeeks.mul(EXTRA_PER_WEEK).add(100));
        stay.amount = amount;
        stay.weight = weight;
        stay.until = block.timestamp.add(numWeeks.mul(1 weeks));
        stay.settledAt = incomePerWeight;
        totalWeight = totalWeight.add(weight);
        emit Arrived(msg.sender, amount, weight, stay.until);
        require(deposits.transferFrom(msg.sender, address(this), amount), "transfer");
    }

    function leave() external {
        Stay storage stay = stays[msg.sender];
        uint256 amount = stay.amount;
        require(amount > 0, "not staying");
        require(block.timestamp >= stay.until, "promised");
        _settle(msg.sender);
        totalWeight = totalWeight.sub(stay.weight);
        delete stays[msg.sender];
        emit Left(msg.sender, amount);
        require(deposits.transfer(msg.sender, amount), "transfer");
    }

    function addIncome(uint256 amount) external {
        require(msg.sender == host, "host");
        require(totalWeight > 0, "nobody");
        incomePerWeight = incomePerWeight.add(amount.mul(SCALE) / totalWeight);
        emit Income(amount);
        require(income.transferFrom(msg.sender, address(this), amount), "transfer");
    }

    function takeIncome() external {
        _settle(msg.sender);
        uint256 amount = due[msg.sender];
        require(amount > 0, "nothing");
        due[msg.sender] = 0;
        emit Paid(msg.sender, amount);
        require(income.transfer(msg.sender, amount), "transfer");
    }

    function _settle(address guest) private {
        Stay storage stay = stays[guest];
        uint256 grown = incomePerWeight.sub(stay.settledAt);
        due[guest] = due[guest].add(stay.weight.mul(grown) / SCALE);
        stay.settledAt = incomePerWeight;
    }
}
