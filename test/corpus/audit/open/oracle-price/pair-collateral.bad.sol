// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

interface IPair {
    function getReserves() external view returns (uint112 reserve0, uint112 reserve1, uint32 blockTimestampLast);
    function token0() external view returns (address);
    function token1() external view returns (address);
}

interface IFeed {
    function decimals() external view returns (uint8);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}

/// @title Loans in a stable token against a volatile one; both have 18 decimals
contract PairCollateral {
    using SafeERC20 for IERC20;

    uint256 private constant ONE = 1e18;
    uint256 public constant MAX_LTV_BPS = 6_000;
    uint256 public constant LIQUIDATION_BPS = 8_000;
    uint256 public constant MAX_AGE = 2 hours;

    IERC20 public immutable collateral;
    IERC20 public immutable stable;
    IPair public immutable pair;
    IFeed public immutable feed;
    address public immutable lender;
    mapping(address => uint256) public collateralOf;
    mapping(address => uint256) public debtOf;

    event Deposited(address indexed borrower, uint256 amount);
    event Withdrawn(address indexed borrower, uint256 amount);
    event Borrowed(address indexed borrower, uint256 amount);
    event Repaid(address indexed borrower, uint256 amount);
    event Liquidated(address indexed borrower, address indexed by, uint256 debt, uint256 seized);

    error Unhealthy();
    error StillHealthy();
    error PriceUnavailable();

    constructor(IPair pair_, IFeed feed_) {
        require(feed_.decimals() <= 18, "feed too fine");
        pair = pair_;
        feed = feed_;
        collateral = IERC20(pair_.token0());
        stable = IERC20(pair_.token1());
        lender = msg.sender;
    }

    function deposit(uint256 amount) external {
        collateralOf[msg.sender] += amount;
        emit Deposited(msg.sender, amount);
        collateral.safeTransferFrom(msg.sender, address(this), amount);
    }

    function withdraw(uint256 amount) external {
        collateralOf[msg.sender] -= amount;
        if (!_within(msg.sender, MAX_LTV_BPS)) revert Unhealthy();
        emit Withdrawn(msg.sender, amount);
        collateral.safeTransfer(msg.sender, amount);
    }

    function borrow(uint256 amount) external {
        debtOf[msg.sender] += amount;
        if (!_within(msg.sender, MAX_LTV_BPS)) revert Unhealthy();
        emit Borrowed(msg.sender, amount);
        stable.safeTransfer(msg.sender, amount);
    }

    function repay(uint256 amount) external {
        debtOf[msg.sender] -= amount;
        emit Repaid(msg.sender, amount);
        stable.safeTransferFrom(msg.sender, lender, amount);
    }

    /// @notice Pays the whole debt of an undercollateralised borrower and takes the collateral.
    function liquidate(address borrower) external {
        if (_within(borrower, LIQUIDATION_BPS)) revert StillHealthy();
        uint256 debt = debtOf[borrower];
        uint256 seized = collateralOf[borrower];
        debtOf[borrower] = 0;
        collateralOf[borrower] = 0;
        emit Liquidated(borrower, msg.sender, debt, seized);
        stable.safeTransferFrom(msg.sender, lender, debt);
        collateral.safeTransfer(msg.sender, seized);
    }

    /// @notice Price of one collateral token in stable tokens, with 18 decimals.
    function price() public view returns (uint256) {
        (uint112 reserve0, uint112 reserve1, ) = pair.getReserves(); // <-- oracle-price
        if (reserve0 == 0) revert PriceUnavailable();
        return (uint256(reserve1) * ONE) / reserve0;
    }

    function _within(address borrower, uint256 limitBps) private view returns (bool) {
        if (debtOf[borrower] == 0) return true;
        uint256 worth = (collateralOf[borrower] * price()) / ONE;
        return debtOf[borrower] * 10_000 <= worth * limitBps;
    }
}
