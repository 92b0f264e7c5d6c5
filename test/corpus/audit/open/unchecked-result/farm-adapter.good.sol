// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

interface IFarm {
    function asset() external view returns (address);

    function put(uint256 amount) external returns (uint256 shares);

    function take(uint256 shares) external returns (uint256 amount);
}

/// @title FarmAdapter
/// @notice Puts the asset of many users into one farm and remembers whose shares are whose.
contract FarmAdapter is ReentrancyGuard {
    using SafeERC20 for IERC20;

    IFarm public immutable farm;
    IERC20 public immutable asset;
    mapping(address => uint256) public farmShares;
    mapping(address => uint256) public idle;

    event Parked(address indexed user, uint256 amount);
    event Invested(address indexed user, uint256 amount, uint256 shares);
    event Divested(address indexed user, uint256 shares, uint256 amount);
    event Unparked(address indexed user, uint256 amount);

    constructor(IFarm farm_) {
        require(address(farm_).code.length > 0, "no farm");
        farm = farm_;
        asset = IERC20(farm_.asset());
    }

    /// @notice Hand assets to the adapter; what arrives is what counts.
    function park(uint256 amount) external nonReentrant {
        uint256 before = asset.balanceOf(address(this));
        asset.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = asset.balanceOf(address(this)) - before;
        require(received > 0, "nothing received");
        idle[msg.sender] += received;
        emit Parked(msg.sender, received);
    }

    function invest(uint256 amount, uint256 minShares) external nonReentrant {
        idle[msg.sender] -= amount;
        _allow(amount);
        uint256 shares = farm.put(amount);
        require(shares > 0 && shares >= minShares, "too few shares");
        farmShares[msg.sender] += shares;
        emit Invested(msg.sender, amount, shares);
    }

    function divest(uint256 shares, uint256 minAmount) external nonReentrant {
        farmShares[msg.sender] -= shares;
        uint256 before = asset.balanceOf(address(this));
        uint256 reported = farm.take(shares);
        uint256 amount = asset.balanceOf(address(this)) - before;
        require(reported > 0 && amount >= minAmount, "too little");
        idle[msg.sender] += amount;
        emit Divested(msg.sender, shares, amount);
    }

    function unpark(uint256 amount) external nonReentrant {
        idle[msg.sender] -= amount;
        emit Unparked(msg.sender, amount);
        asset.safeTransfer(msg.sender, amount);
    }

    /// @dev The farm draws exactly the allowance, so it always starts from zero here.
    function _allow(uint256 amount) private {
        asset.forceApprove(address(farm), amount);
    }
}
