// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

interface IOrchardPool {
    function asset() external view returns (IERC20);

    function redeem(uint256 shares, address to) external returns (uint256 assets);
}

interface IPoolList {
    function isListed(address pool) external view returns (bool);
}

/// @title Moves savings from an older pool into this orchard
contract OrchardShares is ReentrancyGuard {
    using SafeERC20 for IERC20;

    IERC20 public immutable asset;
    IPoolList public immutable list;
    uint256 public totalShares;
    mapping(address => uint256) public sharesOf;
    mapping(address => uint256) public joinedAt;

    event Joined(address indexed who, uint256 amount);
    event Migrated(address indexed who, address indexed pool, uint256 amount);
    event Left(address indexed who, uint256 amount);

    error ZeroAmount();
    error NotListed(address pool);
    error WrongAsset();
    error NotYet();

    constructor(IERC20 asset_, IPoolList list_) {
        if (address(asset_) == address(0) || address(list_) == address(0)) revert ZeroAmount();
        asset = asset_;
        list = list_;
    }

    function join(uint256 amount) external nonReentrant {
        _credit(msg.sender, amount);
        emit Joined(msg.sender, amount);
        asset.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @notice Redeem shares of an older pool, what comes out is booked here one to one.
    /// @param pool where the caller has shares, approved for this contract
    function migrate(IOrchardPool pool, uint256 poolShares) external nonReentrant returns (uint256 amount) { // <-- input-validation
        if (poolShares == 0) revert ZeroAmount();
        if (pool.asset() != asset) revert WrongAsset();
        IERC20(address(pool)).safeTransferFrom(msg.sender, address(this), poolShares);
        amount = pool.redeem(poolShares, address(this));
        _credit(msg.sender, amount);
        emit Migrated(msg.sender, address(pool), amount);
    }

    function leave(uint256 amount) external nonReentrant {
        if (amount == 0) revert ZeroAmount();
        if (block.timestamp < joinedAt[msg.sender] + 1 days) revert NotYet();
        sharesOf[msg.sender] -= amount;
        totalShares -= amount;
        emit Left(msg.sender, amount);
        asset.safeTransfer(msg.sender, amount);
    }

    function portion(address who, uint256 pie) external view returns (uint256) {
        if (totalShares == 0) return 0;
        return (pie * sharesOf[who]) / totalShares;
    }

    function _credit(address who, uint256 amount) private {
        if (amount == 0) revert ZeroAmount();
        sharesOf[who] += amount;
        totalShares += amount;
        joinedAt[who] = block.timestamp;
    }
}
