// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Shares in the harvest of an orchard
/// @notice The grower reports harvests and losses, which move the value of a share at once.
contract OrchardVault is ERC20 {
    using SafeERC20 for IERC20;

    uint256 private constant VIRTUAL_SHARES = 1e6;
    uint256 private constant VIRTUAL_ASSETS = 1;

    IERC20 public immutable asset;
    address public immutable grower;
    uint256 public managed;
    uint256 public lastLoss;

    event Planted(address indexed investor, uint256 assets, uint256 shares);
    event Picked(address indexed investor, uint256 assets, uint256 shares);
    event HarvestReported(uint256 assets);
    event LossReported(uint256 assets);

    error OnlyGrower();
    error TooLittle();

    modifier onlyGrower() {
        if (msg.sender != grower) revert OnlyGrower();
        _;
    }

    constructor(IERC20 asset_) ERC20("Orchard Share", "ORCH") {
        require(address(asset_) != address(0), "no asset");
        asset = asset_;
        grower = msg.sender;
    }

    /// @notice Pays assets in and gets shares at the rate of the moment.
    function plant(uint256 assets, uint256 minShares) external returns (uint256 shares) {
        shares = previewPlant(assets);
        if (shares == 0 || shares < minShares) revert TooLittle();
        managed += assets;
        _mint(msg.sender, shares);
        emit Planted(msg.sender, assets, shares);
        asset.safeTransferFrom(msg.sender, address(this), assets);
    }

    /// @notice Burns shares and pays out assets at the rate of the moment.
    function pick(uint256 shares, uint256 minAssets) external returns (uint256 assets) {
        assets = previewPick(shares);
        if (assets == 0 || assets < minAssets) revert TooLittle();
        _burn(msg.sender, shares);
        managed -= assets;
        emit Picked(msg.sender, assets, shares);
        asset.safeTransfer(msg.sender, assets);
    }

    function reportHarvest(uint256 assets) external onlyGrower {
        managed += assets;
        emit HarvestReported(assets);
        asset.safeTransferFrom(msg.sender, address(this), assets);
    }

    /// @notice Covers a loss of the season, at most a tenth of everything and once a month.
    function reportLoss(uint256 assets) external onlyGrower {
        if (assets > managed / 10 || block.timestamp < lastLoss + 30 days) revert TooLittle();
        lastLoss = block.timestamp;
        managed -= assets;
        emit LossReported(assets);
        asset.safeTransfer(grower, assets);
    }

    function previewPlant(uint256 assets) public view returns (uint256) {
        return (assets * (totalSupply() + VIRTUAL_SHARES)) / (managed + VIRTUAL_ASSETS);
    }

    function previewPick(uint256 shares) public view returns (uint256) {
        return (shares * (managed + VIRTUAL_ASSETS)) / (totalSupply() + VIRTUAL_SHARES);
    }
}
