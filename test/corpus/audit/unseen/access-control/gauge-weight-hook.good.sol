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
interface IBalanceHook {
    function onBalanceChange(address from, address to, uint256 amount) external;
}

/// @notice LP receipt minted by a pool; every balance change is mirrored into the gauge.
contract HookedLpToken {
    string public constant name = "Harbor LP";
    string public constant symbol = "hLP";
    uint8 public constant decimals = 18;

    address public immutable pool;
    IBalanceHook public gauge;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    event GaugeSet(address indexed gauge);

    error NotPool();
    error GaugeAlreadySet();
    error ZeroAddress();

    modifier onlyPool() {
        if (msg.sender != pool) revert NotPool();
        _;
    }

    constructor(address pool_) {
        if (pool_ == address(0)) revert ZeroAddress();
        pool = pool_;
    }

    function setGauge(IBalanceHook gauge_) external onlyPool {
        if (address(gauge) != address(0)) revert GaugeAlreadySet();
        if (address(gauge_) == address(0)) revert ZeroAddress();
        gauge = gauge_;
        emit GaugeSet(address(gauge_));
    }

    function mint(address to, uint256 amount) external onlyPool {
        if (to == address(0)) revert ZeroAddress();
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
        gauge.onBalanceChange(address(0), to, amount);
    }

    function burn(address from, uint256 amount) external onlyPool {
        balanceOf[from] -= amount;
        totalSupply -= amount;
        emit Transfer(from, address(0), amount);
        gauge.onBalanceChange(from, address(0), amount);
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
        return true;
    }

    function _move(address from, address to, uint256 amount) private {
        if (to == address(0)) revert ZeroAddress();
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
        gauge.onBalanceChange(from, to, amount);
    }
}

/// @notice Streams a reward token to LP holders pro rata to mirrored weights.
contract RewardGauge is IBalanceHook {
    uint256 public constant DURATION = 7 days;

    address public immutable lpToken;
    IERC20 public immutable rewardToken;
    address public immutable distributor;

    uint256 public totalWeight;
    uint256 public rewardRate;
    uint256 public periodFinish;
    uint256 public lastUpdate;
    uint256 public indexStored;
    mapping(address => uint256) public weight;
    mapping(address => uint256) public userIndex;
    mapping(address => uint256) public accrued;

    event RewardAdded(uint256 amount);
    event Claimed(address indexed account, uint256 amount);

    error Unauthorized();
    error TransferFailed();

    constructor(address lp, IERC20 reward, address distributor_) {
        if (lp == address(0) || address(reward) == address(0) || distributor_ == address(0)) revert Unauthorized();
        lpToken = lp;
        rewardToken = reward;
        distributor = distributor_;
    }

    function currentIndex() public view returns (uint256) {
        uint256 end = block.timestamp < periodFinish ? block.timestamp : periodFinish;
        if (totalWeight == 0 || end <= lastUpdate) return indexStored;
        return indexStored + ((end - lastUpdate) * rewardRate * 1e18) / totalWeight;
    }

    function onBalanceChange(address from, address to, uint256 amount) external override {
        if (msg.sender != lpToken) revert Unauthorized();
        _updateIndex();
        if (from != address(0)) {
            _settle(from);
            weight[from] -= amount;
            totalWeight -= amount;
        }
        if (to != address(0)) {
            _settle(to);
            weight[to] += amount;
            totalWeight += amount;
        }
    }

    function notifyReward(uint256 amount) external {
        if (msg.sender != distributor) revert Unauthorized();
        _updateIndex();
        uint256 left = block.timestamp < periodFinish ? (periodFinish - block.timestamp) * rewardRate : 0;
        rewardRate = (amount + left) / DURATION;
        lastUpdate = block.timestamp;
        periodFinish = block.timestamp + DURATION;
        emit RewardAdded(amount);
        if (!rewardToken.transferFrom(msg.sender, address(this), amount)) revert TransferFailed();
    }

    function claim() external returns (uint256 amount) {
        _updateIndex();
        _settle(msg.sender);
        amount = accrued[msg.sender];
        accrued[msg.sender] = 0;
        emit Claimed(msg.sender, amount);
        if (!rewardToken.transfer(msg.sender, amount)) revert TransferFailed();
    }

    function _updateIndex() private {
        indexStored = currentIndex();
        lastUpdate = block.timestamp < periodFinish ? block.timestamp : periodFinish;
    }

    function _settle(address account) private {
        accrued[account] += (weight[account] * (indexStored - userIndex[account])) / 1e18;
        userIndex[account] = indexStored;
    }
}
