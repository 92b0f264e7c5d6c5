// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @title Stake honey tokens for a hive; who rests longer gets more on top
contract BeeStake is Ownable {
    using SafeERC20 for IERC20;

    struct Stake {
        uint256 amount;
        uint256 bonus;
        uint256 unlockAt;
        bytes32 hive;
    }

    uint256 public constant SHORTEST = 30 days;
    uint256 public constant LONGEST = 360 days;
    uint256 public constant BASE_BP = 200;
    uint256 public constant MONTH_BP = 50;

    IERC20 public immutable honey;
    uint256 public staked;
    uint256 public bonusPool;
    mapping(address => Stake) private _stakes;
    mapping(bytes32 => uint256) public hiveTotal;

    event Staked(address indexed keeper, bytes32 indexed hive, uint256 amount, uint256 unlockAt);
    event Moved(address indexed keeper, bytes32 indexed from, bytes32 indexed to);
    event Unstaked(address indexed keeper, uint256 amount, uint256 bonus);
    event PoolFilled(uint256 amount);

    error BadStake();
    error OtherHive();
    error Resting(uint256 until);

    modifier rested() {
        uint256 until = _stakes[msg.sender].unlockAt;
        if (block.timestamp < until) revert Resting(until);
        _;
    }

    constructor(IERC20 honey_, address owner_) Ownable(owner_) {
        if (address(honey_) == address(0)) revert BadStake();
        honey = honey_;
    }

    function fillPool(uint256 amount) external onlyOwner {
        if (amount == 0) revert BadStake();
        bonusPool += amount;
        emit PoolFilled(amount);
        honey.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @notice Stake for a time of choice, the bonus is set aside at once.
    function stake(bytes32 hive, uint256 amount, uint256 restFor) external { // <-- input-validation
        if (hive == bytes32(0) || amount == 0 || restFor > LONGEST) revert BadStake();
        if (_stakes[msg.sender].amount != 0) revert BadStake();
        uint256 bonus = bonusFor(amount, restFor);
        bonusPool -= bonus;
        staked += amount;
        hiveTotal[hive] += amount;
        uint256 unlockAt = block.timestamp + restFor;
        _stakes[msg.sender] = Stake(amount, bonus, unlockAt, hive);
        emit Staked(msg.sender, hive, amount, unlockAt);
        honey.safeTransferFrom(msg.sender, address(this), amount);
    }

    function moveTo(bytes32 hive) external {
        Stake storage entry = _stakes[msg.sender];
        bytes32 old = entry.hive;
        if (hive == bytes32(0) || old == bytes32(0) || hive == old) revert OtherHive();
        hiveTotal[old] -= entry.amount;
        hiveTotal[hive] += entry.amount;
        entry.hive = hive;
        emit Moved(msg.sender, old, hive);
    }

    function unstake() external rested {
        Stake memory entry = _stakes[msg.sender];
        if (entry.amount == 0) revert BadStake();
        delete _stakes[msg.sender];
        hiveTotal[entry.hive] -= entry.amount;
        staked -= entry.amount;
        emit Unstaked(msg.sender, entry.amount, entry.bonus);
        honey.safeTransfer(msg.sender, entry.amount + entry.bonus);
    }

    function stakeOf(address keeper) external view returns (Stake memory) {
        return _stakes[keeper];
    }

    function bonusFor(uint256 amount, uint256 restFor) public pure returns (uint256) {
        return (amount * (BASE_BP * 30 days + MONTH_BP * restFor)) / (10_000 * 30 days);
    }
}
