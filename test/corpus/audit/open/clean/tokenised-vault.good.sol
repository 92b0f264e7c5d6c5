// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {Ownable2Step, Ownable} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Vault with an exit fee, a deposit cap and slippage-checked entry points
/// @notice Shares carry six more decimals than the asset, which makes it costly
///         to move the price of an almost empty vault by a gift.
contract TokenisedVault is ERC4626, Ownable2Step {
    using SafeERC20 for IERC20;
    using Math for uint256;

    struct FeeChange {
        uint16 basisPoints;
        uint64 effectiveAt;
    }

    uint256 private constant BASIS = 10_000;
    uint16 public constant MAX_EXIT_FEE = 200;
    uint64 public constant FEE_NOTICE = 7 days;

    address public feeReceiver;
    uint256 public depositCap;
    bool public depositsPaused;
    uint16 private _exitFee;
    FeeChange private _nextFee;

    event FeeAnnounced(uint16 basisPoints, uint64 effectiveAt);
    event FeeApplied(uint16 basisPoints);
    event FeeReceiverChanged(address indexed receiver);
    event DepositCapChanged(uint256 cap);
    event DepositsPaused(bool paused);
    event Rescued(address indexed token, uint256 amount);

    error FeeTooHigh(uint16 basisPoints);
    error NothingAnnounced();
    error NoticeRunning(uint64 effectiveAt);
    error Slippage(uint256 got, uint256 wanted);
    error ZeroAddress();
    error NotRescuable();

    constructor(
        IERC20 asset_,
        address receiver,
        uint256 cap
    ) ERC20("Cellar Share", "CELL") ERC4626(asset_) Ownable(msg.sender) {
        if (receiver == address(0)) revert ZeroAddress();
        feeReceiver = receiver;
        depositCap = cap;
    }

    // ------------------------------------------------------------------ owner

    /// @notice A fee starts only after notice, so that holders can leave before.
    function announceFee(uint16 basisPoints) external onlyOwner {
        if (basisPoints > MAX_EXIT_FEE) revert FeeTooHigh(basisPoints);
        uint64 at = uint64(block.timestamp) + FEE_NOTICE;
        _nextFee = FeeChange(basisPoints, at);
        emit FeeAnnounced(basisPoints, at);
    }

    /// @notice Open to everybody: it only puts into force what was announced.
    function applyFee() external {
        FeeChange memory next = _nextFee;
        if (next.effectiveAt == 0) revert NothingAnnounced();
        if (block.timestamp < next.effectiveAt) revert NoticeRunning(next.effectiveAt);
        delete _nextFee;
        _exitFee = next.basisPoints;
        emit FeeApplied(next.basisPoints);
    }

    function setFeeReceiver(address receiver) external onlyOwner {
        if (receiver == address(0)) revert ZeroAddress();
        feeReceiver = receiver;
        emit FeeReceiverChanged(receiver);
    }

    function setDepositCap(uint256 cap) external onlyOwner {
        depositCap = cap;
        emit DepositCapChanged(cap);
    }

    function setDepositsPaused(bool paused) external onlyOwner {
        depositsPaused = paused;
        emit DepositsPaused(paused);
    }

    /// @notice Sends out tokens that came here by mistake, never the asset itself.
    function rescue(IERC20 token) external onlyOwner {
        if (address(token) == asset()) revert NotRescuable();
        uint256 amount = token.balanceOf(address(this));
        emit Rescued(address(token), amount);
        token.safeTransfer(owner(), amount);
    }

    // ---------------------------------------------------------------- holders

    function depositAtLeast(uint256 assets, address receiver, uint256 minShares)
        external
        returns (uint256 shares)
    {
        shares = deposit(assets, receiver);
        if (shares < minShares) revert Slippage(shares, minShares);
    }

    function redeemAtLeast(uint256 shares, address receiver, uint256 minAssets)
        external
        returns (uint256 assets)
    {
        assets = redeem(shares, receiver, msg.sender);
        if (assets < minAssets) revert Slippage(assets, minAssets);
    }

    // ------------------------------------------------------------------ views

    function exitFee() external view returns (uint16) {
        return _exitFee;
    }

    function announcedFee() external view returns (FeeChange memory) {
        return _nextFee;
    }

    function maxDeposit(address) public view override returns (uint256) {
        if (depositsPaused) return 0;
        uint256 held = totalAssets();
        return held >= depositCap ? 0 : depositCap - held;
    }

    function maxMint(address receiver) public view override returns (uint256) {
        return _convertToShares(maxDeposit(receiver), Math.Rounding.Floor);
    }

    function maxWithdraw(address holder) public view override returns (uint256) {
        return previewRedeem(balanceOf(holder));
    }

    function previewWithdraw(uint256 assets) public view override returns (uint256) {
        return super.previewWithdraw(assets + _feeOnTop(assets));
    }

    function previewRedeem(uint256 shares) public view override returns (uint256) {
        uint256 assets = super.previewRedeem(shares);
        return assets - _feeWithin(assets);
    }

    // -------------------------------------------------------------- internals

    /// @dev `assets` is what the receiver gets; the fee goes out besides.
    function _withdraw(
        address caller,
        address receiver,
        address holder,
        uint256 assets,
        uint256 shares
    ) internal override {
        uint256 fee = _feeOnTop(assets);
        super._withdraw(caller, receiver, holder, assets, shares);
        if (fee > 0) {
            IERC20(asset()).safeTransfer(feeReceiver, fee);
        }
    }

    function _feeOnTop(uint256 assets) private view returns (uint256) {
        return assets.mulDiv(_exitFee, BASIS, Math.Rounding.Floor);
    }

    function _feeWithin(uint256 assets) private view returns (uint256) {
        return assets.mulDiv(_exitFee, BASIS + _exitFee, Math.Rounding.Ceil);
    }

    function _decimalsOffset() internal pure override returns (uint8) {
        return 6;
    }
}
