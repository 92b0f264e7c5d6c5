// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Pooled savings of a spinning mill's members
/// @notice Shares are kept in an internal ledger; the mill adds its yield through `addYield`.
contract WoolVault {
    using SafeERC20 for IERC20;

    /// @dev Virtual amounts keep the first deposits from distorting the rate.
    uint256 private constant VIRTUAL_SHARES = 1e6;
    uint256 private constant VIRTUAL_ASSETS = 1;

    IERC20 public immutable asset;
    address public immutable mill;
    uint256 public totalShares;
    uint256 public managed;
    mapping(address => uint256) public sharesOf;

    event Deposited(address indexed member, uint256 assets, uint256 shares);
    event Withdrawn(address indexed member, uint256 assets, uint256 shares);
    event YieldAdded(uint256 assets);

    constructor(IERC20 asset_) {
        require(address(asset_) != address(0), "no asset");
        asset = asset_;
        mill = msg.sender;
    }

    function deposit(uint256 assets, uint256 minShares) external returns (uint256 shares) {
        shares = _mulDivDown(assets, totalShares + VIRTUAL_SHARES, managed + VIRTUAL_ASSETS);
        require(shares > 0 && shares >= minShares, "too few shares");
        _enter(assets, shares);
    }

    function mint(uint256 shares, uint256 maxAssets) external returns (uint256 assets) {
        require(shares > 0, "no shares");
        assets = _mulDivUp(shares, managed + VIRTUAL_ASSETS, totalShares + VIRTUAL_SHARES);
        require(assets <= maxAssets, "too expensive");
        _enter(assets, shares);
    }

    function withdraw(uint256 assets, uint256 maxShares) external returns (uint256 shares) {
        require(assets > 0, "no assets");
        shares = _mulDivUp(assets, totalShares + VIRTUAL_SHARES, managed + VIRTUAL_ASSETS);
        require(shares <= maxShares, "too many shares");
        _leave(assets, shares);
    }

    function redeem(uint256 shares, uint256 minAssets) external returns (uint256 assets) {
        assets = _mulDivDown(shares, managed + VIRTUAL_ASSETS, totalShares + VIRTUAL_SHARES);
        require(assets > 0 && assets >= minAssets, "too few assets");
        _leave(assets, shares);
    }

    /// @notice The mill credits its yield to all shares.
    function addYield(uint256 assets) external {
        require(msg.sender == mill, "only the mill");
        managed += assets;
        emit YieldAdded(assets);
        asset.safeTransferFrom(msg.sender, address(this), assets);
    }

    function _enter(uint256 assets, uint256 shares) internal {
        managed += assets;
        totalShares += shares;
        sharesOf[msg.sender] += shares;
        emit Deposited(msg.sender, assets, shares);
        asset.safeTransferFrom(msg.sender, address(this), assets);
    }

    function _leave(uint256 assets, uint256 shares) internal {
        sharesOf[msg.sender] -= shares;
        totalShares -= shares;
        managed -= assets;
        emit Withdrawn(msg.sender, assets, shares);
        asset.safeTransfer(msg.sender, assets);
    }

    function _mulDivDown(uint256 a, uint256 b, uint256 c) internal pure returns (uint256) {
        return (a * b) / c;
    }

    function _mulDivUp(uint256 a, uint256 b, uint256 c) internal pure returns (uint256) {
        uint256 product = a * b;
        return product == 0 ? 0 : (product - 1) / c + 1;
    }
}
