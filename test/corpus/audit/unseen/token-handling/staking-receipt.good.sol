// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC20 {
    function totalSupply() external view returns (uint256);
    function balanceOf(address account) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
    function approve(address spender, uint256 amount) external returns (bool);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
/// @title StakingReceipt
/// @notice One receipt per staked token. Receipts move freely and earn a streamed reward.
contract StakingReceipt {
    string public constant name = "Staked Orchid";
    string public constant symbol = "stORC";
    uint8 public constant decimals = 18;
    uint256 private constant SCALE = 1e24;
    uint256 public constant STREAM = 14 days;

    IERC20 public immutable underlying;
    IERC20 public immutable reward;
    address public immutable rewarder;

    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    uint256 public ratePerSecond;
    uint256 public streamEnd;
    uint256 public indexAt;
    uint256 public index;
    mapping(address => uint256) public indexOf;
    mapping(address => uint256) public earned;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    event Streamed(uint256 amount, uint256 ratePerSecond);
    event RewardPaid(address indexed account, uint256 amount);

    error ZeroAddress();
    error SameToken();
    error NotRewarder();
    error TokenFailed();

    constructor(IERC20 underlying_, IERC20 reward_, address rewarder_) {
        if (address(underlying_) == address(0) || address(reward_) == address(0) || rewarder_ == address(0)) {
            revert ZeroAddress();
        }
        if (underlying_ == reward_) revert SameToken();
        underlying = underlying_;
        reward = reward_;
        rewarder = rewarder_;
    }

    function stake(uint256 amount) external {
        _settle(msg.sender);
        totalSupply += amount;
        balanceOf[msg.sender] += amount;
        emit Transfer(address(0), msg.sender, amount);
        if (!underlying.transferFrom(msg.sender, address(this), amount)) revert TokenFailed();
    }

    function unstake(uint256 amount) external {
        _settle(msg.sender);
        balanceOf[msg.sender] -= amount;
        totalSupply -= amount;
        emit Transfer(msg.sender, address(0), amount);
        if (!underlying.transfer(msg.sender, amount)) revert TokenFailed();
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        if (to == address(0)) revert ZeroAddress();
        _settle(msg.sender);
        _settle(to);
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        emit Transfer(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        if (to == address(0)) revert ZeroAddress();
        uint256 allowed = allowance[from][msg.sender];
        if (allowed != type(uint256).max) allowance[from][msg.sender] = allowed - amount;
        _settle(from);
        _settle(to);
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
        return true;
    }

    function stream(uint256 amount) external {
        if (msg.sender != rewarder) revert NotRewarder();
        _accrue();
        uint256 left = block.timestamp < streamEnd ? (streamEnd - block.timestamp) * ratePerSecond : 0;
        ratePerSecond = (left + amount) / STREAM;
        indexAt = block.timestamp;
        streamEnd = block.timestamp + STREAM;
        emit Streamed(amount, ratePerSecond);
        if (!reward.transferFrom(msg.sender, address(this), amount)) revert TokenFailed();
    }

    function getReward() external {
        _settle(msg.sender);
        uint256 amount = earned[msg.sender];
        earned[msg.sender] = 0;
        emit RewardPaid(msg.sender, amount);
        if (!reward.transfer(msg.sender, amount)) revert TokenFailed();
    }

    function _accrue() internal {
        uint256 until = block.timestamp < streamEnd ? block.timestamp : streamEnd;
        if (until > indexAt) {
            if (totalSupply != 0) index += ((until - indexAt) * ratePerSecond * SCALE) / totalSupply;
            indexAt = until;
        }
    }

    function _settle(address account) internal {
        _accrue();
        earned[account] += (balanceOf[account] * (index - indexOf[account])) / SCALE;
        indexOf[account] = index;
    }
}
