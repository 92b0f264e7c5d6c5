// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC20 {
    function balanceOf(address who) external view returns (uint256);
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// @title Stakes of one token earn from a budget of the same token; it returns true and takes no fee
contract QuayFarm {
    uint256 private constant SCALE = 1e18;

    IERC20 public immutable token;
    address public immutable harbourmaster;

    uint256 public staked;
    uint256 public perShare;
    uint256 public budget;
    uint256 public rate;
    uint256 public updatedAt;
    mapping(address => uint256) public stakeOf;
    mapping(address => uint256) public paidPerShare;
    mapping(address => uint256) public earned;

    event Staked(address indexed who, uint256 amount);
    event Unstaked(address indexed who, uint256 amount);
    event Claimed(address indexed who, uint256 amount);
    event BudgetAdded(uint256 amount, uint256 rate);

    error TokenFailed();

    modifier updated(address who) {
        _accrue();
        if (who != address(0)) {
            earned[who] += (stakeOf[who] * (perShare - paidPerShare[who])) / SCALE;
            paidPerShare[who] = perShare;
        }
        _;
    }

    constructor(IERC20 token_) {
        require(address(token_) != address(0), "token");
        token = token_;
        harbourmaster = msg.sender;
        updatedAt = block.timestamp;
    }

    function addBudget(uint256 amount, uint256 rate_) external updated(address(0)) {
        require(msg.sender == harbourmaster, "harbourmaster");
        budget += amount;
        rate = rate_;
        emit BudgetAdded(amount, rate_);
        _pull(amount);
    }

    function stake(uint256 amount) external updated(msg.sender) {
        stakeOf[msg.sender] += amount;
        staked += amount;
        emit Staked(msg.sender, amount);
        _pull(amount);
    }

    function unstake(uint256 amount) external updated(msg.sender) {
        stakeOf[msg.sender] -= amount;
        staked -= amount;
        emit Unstaked(msg.sender, amount);
        _push(msg.sender, amount);
    }

    function claim() external updated(msg.sender) {
        uint256 amount = earned[msg.sender];
        earned[msg.sender] = 0;
        emit Claimed(msg.sender, amount);
        _push(msg.sender, amount);
    }

    /// @dev rewards leave the budget when they accrue
    function _accrue() private {
        uint256 elapsed = block.timestamp - updatedAt;
        updatedAt = block.timestamp;
        if (staked == 0) return;
        uint256 amount = elapsed * rate;
        if (amount > budget) amount = budget;
        budget -= amount;
        perShare += (amount * SCALE) / staked;
    }

    function _pull(uint256 amount) private {
        if (!token.transferFrom(msg.sender, address(this), amount)) revert TokenFailed();
    }

    function _push(address to, uint256 amount) private {
        if (!token.transfer(to, amount)) revert TokenFailed();
    }
}
