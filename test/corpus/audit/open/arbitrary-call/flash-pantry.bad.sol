// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

interface IPantryBorrower {
    function onPantryLoan(address initiator, uint256 amount, uint256 fee, bytes calldata data) external;
}

/// @title Lends its whole stock within one transaction, depositors share the fees
contract FlashPantry is ReentrancyGuard {
    using SafeERC20 for IERC20;

    uint256 public constant FEE_PPM = 900;
    uint256 private constant VIRTUAL = 1e6;

    IERC20 public immutable asset;
    uint256 public stock;
    uint256 public totalShares;
    mapping(address => uint256) public shares;

    event Stocked(address indexed who, uint256 amount, uint256 shares);
    event Unstocked(address indexed who, uint256 amount, uint256 shares);
    event Lent(address indexed borrower, uint256 amount, uint256 fee);

    error NothingAsked();
    error NotRepaid();

    constructor(IERC20 asset_) {
        if (address(asset_) == address(0)) revert NothingAsked();
        asset = asset_;
    }

    function put(uint256 amount, uint256 minShares) external nonReentrant returns (uint256 minted) {
        minted = (amount * (totalShares + VIRTUAL)) / (stock + 1);
        if (amount == 0 || minted == 0 || minted < minShares) revert NothingAsked();
        stock += amount;
        totalShares += minted;
        shares[msg.sender] += minted;
        emit Stocked(msg.sender, amount, minted);
        asset.safeTransferFrom(msg.sender, address(this), amount);
    }

    function take(uint256 count) external nonReentrant returns (uint256 amount) {
        amount = (count * (stock + 1)) / (totalShares + VIRTUAL);
        if (amount == 0) revert NothingAsked();
        shares[msg.sender] -= count;
        totalShares -= count;
        stock -= amount;
        emit Unstocked(msg.sender, amount, count);
        asset.safeTransfer(msg.sender, amount);
    }

    /// @notice Borrow for the length of one call.
    /// @param data is handed on as it comes
    function borrow(uint256 amount, address target, bytes calldata data) external nonReentrant {
        if (amount == 0 || amount > stock) revert NothingAsked();
        uint256 fee = feeFor(amount);
        uint256 before = asset.balanceOf(address(this));
        stock += fee;
        emit Lent(msg.sender, amount, fee);

        asset.safeTransfer(msg.sender, amount);
        (bool ok, ) = target.call(data); // <-- arbitrary-call
        if (!ok) revert NotRepaid();

        if (asset.balanceOf(address(this)) < before + fee) revert NotRepaid();
    }

    function feeFor(uint256 amount) public pure returns (uint256) {
        return (amount * FEE_PPM) / 1e6 + 1;
    }

    function worth(address who) external view returns (uint256) {
        return (shares[who] * (stock + 1)) / (totalShares + VIRTUAL);
    }
}
