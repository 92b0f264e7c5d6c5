// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// @title YieldJar
/// @notice Depositors share the yield that a harvester brings in. Shares are not transferable.
contract YieldJar is ReentrancyGuard {
    using SafeERC20 for IERC20;

    uint256 private constant WAD = 1e18;
    uint256 private constant FIRST_MIN = 1_000_000;

    IERC20 public immutable asset;
    address public immutable harvester;
    uint256 public totalShares;
    uint256 public managed;
    mapping(address => uint256) public sharesOf;

    event Deposited(address indexed user, uint256 assets, uint256 shares);
    event Withdrawn(address indexed user, uint256 assets, uint256 shares);
    event Harvested(uint256 assets);

    error ZeroShares();
    error OnlyHarvester();

    constructor(IERC20 asset_, address harvester_) {
        require(address(asset_).code.length > 0 && harvester_ != address(0), "bad setup");
        asset = asset_;
        harvester = harvester_;
    }

    function deposit(uint256 amount) external nonReentrant returns (uint256 shares) {
        uint256 assetsBefore = totalAssets();
        uint256 received = _pull(amount);
        if (totalShares == 0) {
            require(received > FIRST_MIN, "first deposit too small");
            sharesOf[address(0)] = FIRST_MIN;
            totalShares = FIRST_MIN;
            shares = received - FIRST_MIN;
        } else {
            shares = (received * totalShares) / assetsBefore;
        }
        if (shares == 0) revert ZeroShares();
        totalShares += shares;
        sharesOf[msg.sender] += shares;
        emit Deposited(msg.sender, received, shares);
    }

    function withdraw(uint256 shares) external nonReentrant returns (uint256 amount) {
        if (shares == 0) revert ZeroShares();
        amount = (shares * totalAssets()) / totalShares;
        sharesOf[msg.sender] -= shares;
        totalShares -= shares;
        managed -= amount;
        emit Withdrawn(msg.sender, amount, shares);
        asset.safeTransfer(msg.sender, amount);
    }

    /// @notice The harvester brings in yield for all depositors.
    function harvest(uint256 amount) external nonReentrant {
        if (msg.sender != harvester) revert OnlyHarvester();
        require(totalShares > 0, "empty jar");
        emit Harvested(_pull(amount));
    }

    function totalAssets() public view returns (uint256) {
        return managed;
    }

    /// @notice Used by lending markets that take shares as collateral.
    function pricePerShare() external view returns (uint256) {
        return totalShares == 0 ? WAD : (totalAssets() * WAD) / totalShares;
    }

    function _pull(uint256 amount) private returns (uint256 received) {
        uint256 before = asset.balanceOf(address(this));
        asset.safeTransferFrom(msg.sender, address(this), amount);
        received = asset.balanceOf(address(this)) - before;
        managed += received;
    }
}
