// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Savings shares of a paper mill's employees
/// @notice The mill's bonus raises the value of all shares.
contract MillSavings is ERC20 {
    using SafeERC20 for IERC20;

    uint256 private constant ONE = 1e18;
    uint256 private constant VIRTUAL_SHARES = 1e6;

    IERC20 public immutable asset;
    address public immutable mill;
    uint256 public booked;
    bool public closedForNew;

    event Saved(address indexed employee, uint256 assets, uint256 shares);
    event Withdrawn(address indexed employee, uint256 assets, uint256 shares);
    event BonusPaid(uint256 assets);
    event ClosedForNew(bool closed);

    error OnlyMill();
    error Closed();
    error BelowMinimum();

    modifier onlyMill() {
        if (msg.sender != mill) revert OnlyMill();
        _;
    }

    constructor(IERC20 asset_) ERC20("Mill Savings", "MILL") {
        require(address(asset_) != address(0), "no asset");
        asset = asset_;
        mill = msg.sender;
    }

    function save(uint256 assets, uint256 minShares) external returns (uint256 shares) {
        if (closedForNew) revert Closed();
        shares = toShares(assets);
        if (shares == 0 || shares < minShares) revert BelowMinimum();
        booked += assets;
        _mint(msg.sender, shares);
        emit Saved(msg.sender, assets, shares);
        asset.safeTransferFrom(msg.sender, address(this), assets);
    }

    function withdraw(uint256 shares, uint256 minAssets) external returns (uint256 assets) {
        assets = toAssets(shares);
        if (assets < minAssets || assets == 0) revert BelowMinimum();
        _burn(msg.sender, shares);
        booked = assets < booked ? booked - assets : 0;
        emit Withdrawn(msg.sender, assets, shares);
        asset.safeTransfer(msg.sender, assets);
    }

    function payBonus(uint256 assets) external onlyMill {
        booked += assets;
        emit BonusPaid(assets);
        asset.safeTransferFrom(msg.sender, address(this), assets);
    }

    function setClosedForNew(bool closed) external onlyMill {
        closedForNew = closed;
        emit ClosedForNew(closed);
    }

    /// @notice Value of one share, with 18 decimals.
    function sharePrice() public view returns (uint256) {
        return totalSupply() == 0 ? ONE : (asset.balanceOf(address(this)) * ONE) / totalSupply(); // <-- oracle-price
    }

    function toShares(uint256 assets) public view returns (uint256) {
        uint256 supply = totalSupply();
        return supply == 0 ? assets : (assets * supply) / asset.balanceOf(address(this)); // <-- oracle-price
    }

    function toAssets(uint256 shares) public view returns (uint256) {
        uint256 supply = totalSupply();
        return supply == 0 ? 0 : (shares * asset.balanceOf(address(this))) / supply; // <-- oracle-price
    }
}
