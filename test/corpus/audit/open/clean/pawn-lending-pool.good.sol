// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

interface IPriceFeed {
    function decimals() external view returns (uint8);
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}

/// @title Loans of a stable token against one kind of collateral
contract PawnLendingPool is ReentrancyGuard {
    using SafeERC20 for IERC20;

    struct Loan {
        uint256 collateral;
        uint256 debtShares;
    }

    uint256 private constant WAD = 1e18;
    uint256 public constant LOAN_TO_VALUE = 0.7e18;
    uint256 public constant LIQUIDATION_AT = 0.8e18;
    uint256 public constant BONUS = 1.05e18;
    uint256 public constant RATE_PER_SECOND = 1_585_489_599; // 5 % a year
    uint256 public constant MAX_AGE = 1 hours + 10 minutes;
    uint256 public constant SEQUENCER_GRACE = 1 hours;
    uint256 public constant MIN_DEBT = 100e18;

    IERC20 public immutable collateralToken;
    IERC20 public immutable stable;
    IPriceFeed public immutable feed;
    IPriceFeed public immutable sequencerFeed;
    address public immutable lender;
    uint256 private immutable priceScale;
    int256 public immutable minPrice;
    int256 public immutable maxPrice;

    uint256 public index = WAD;
    uint256 public lastAccrual;
    uint256 public totalDebtShares;
    uint256 public available;
    mapping(address => Loan) public loans;

    event Supplied(uint256 amount);
    event Removed(uint256 amount);
    event CollateralAdded(address indexed borrower, uint256 amount);
    event CollateralRemoved(address indexed borrower, uint256 amount);
    event Borrowed(address indexed borrower, uint256 amount);
    event Repaid(address indexed borrower, address indexed by, uint256 amount);
    event Liquidated(address indexed borrower, address indexed by, uint256 repaid, uint256 seized);

    error StalePrice(uint256 updatedAt);
    error PriceOutOfBounds(int256 answer);
    error SequencerDown();
    error Unhealthy();
    error Healthy();
    error DustDebt();

    constructor(
        IERC20 collateral_,
        IERC20 stable_,
        IPriceFeed feed_,
        IPriceFeed sequencerFeed_,
        int256 minPrice_,
        int256 maxPrice_
    ) {
        require(IERC20Metadata(address(collateral_)).decimals() == 18, "collateral decimals");
        require(IERC20Metadata(address(stable_)).decimals() == 18, "stable decimals");
        require(feed_.decimals() <= 18, "feed decimals");
        require(minPrice_ > 0 && maxPrice_ > minPrice_, "bounds");
        collateralToken = collateral_;
        stable = stable_;
        feed = feed_;
        sequencerFeed = sequencerFeed_;
        priceScale = 10 ** (18 - feed_.decimals());
        minPrice = minPrice_;
        maxPrice = maxPrice_;
        lender = msg.sender;
        lastAccrual = block.timestamp;
    }

    modifier accrued() {
        index = currentIndex();
        lastAccrual = block.timestamp;
        _;
    }

    // ----------------------------------------------------------------- lender

    function supply(uint256 amount) external nonReentrant {
        require(msg.sender == lender, "lender");
        available += amount;
        emit Supplied(amount);
        stable.safeTransferFrom(msg.sender, address(this), amount);
    }

    function remove(uint256 amount) external nonReentrant {
        require(msg.sender == lender, "lender");
        available -= amount;
        emit Removed(amount);
        stable.safeTransfer(lender, amount);
    }

    // -------------------------------------------------------------- borrowers

    function addCollateral(uint256 amount) external nonReentrant {
        loans[msg.sender].collateral += amount;
        emit CollateralAdded(msg.sender, amount);
        collateralToken.safeTransferFrom(msg.sender, address(this), amount);
    }

    function removeCollateral(uint256 amount) external nonReentrant accrued {
        loans[msg.sender].collateral -= amount;
        if (loans[msg.sender].debtShares > 0) {
            if (!_within(msg.sender, LOAN_TO_VALUE)) revert Unhealthy();
        }
        emit CollateralRemoved(msg.sender, amount);
        collateralToken.safeTransfer(msg.sender, amount);
    }

    function borrow(uint256 amount) external nonReentrant accrued {
        uint256 shares = Math.mulDiv(amount, WAD, index, Math.Rounding.Ceil);
        loans[msg.sender].debtShares += shares;
        totalDebtShares += shares;
        available -= amount;
        if (debtOf(msg.sender) < MIN_DEBT) revert DustDebt();
        if (!_within(msg.sender, LOAN_TO_VALUE)) revert Unhealthy();
        emit Borrowed(msg.sender, amount);
        stable.safeTransfer(msg.sender, amount);
    }

    function repay(address borrower, uint256 amount) external nonReentrant accrued {
        uint256 paid = _reduceDebt(borrower, amount);
        uint256 left = debtOf(borrower);
        if (left != 0 && left < MIN_DEBT) revert DustDebt();
        emit Repaid(borrower, msg.sender, paid);
        stable.safeTransferFrom(msg.sender, address(this), paid);
    }

    /// @notice Repays for an unhealthy borrower and takes collateral with a bonus.
    /// @param minSeized protects the liquidator from a price that moved meanwhile
    function liquidate(address borrower, uint256 amount, uint256 minSeized) external nonReentrant accrued {
        if (_within(borrower, LIQUIDATION_AT)) revert Healthy();
        uint256 paid = _reduceDebt(borrower, amount);
        uint256 seized = Math.mulDiv(Math.mulDiv(paid, BONUS, WAD), WAD, price());
        Loan storage loan = loans[borrower];
        if (seized > loan.collateral) seized = loan.collateral;
        require(seized >= minSeized, "seized too little");
        loan.collateral -= seized;
        emit Liquidated(borrower, msg.sender, paid, seized);
        stable.safeTransferFrom(msg.sender, address(this), paid);
        collateralToken.safeTransfer(msg.sender, seized);
    }

    // ------------------------------------------------------------------ views

    /// @notice Price of one collateral token in the stable token, 18 decimals.
    function price() public view returns (uint256) {
        if (address(sequencerFeed) != address(0)) {
            (, int256 down, uint256 since, , ) = sequencerFeed.latestRoundData();
            if (down != 0 || since == 0 || block.timestamp - since < SEQUENCER_GRACE) revert SequencerDown();
        }
        (, int256 answer, , uint256 updatedAt, ) = feed.latestRoundData();
        if (updatedAt == 0 || updatedAt > block.timestamp || block.timestamp - updatedAt > MAX_AGE) {
            revert StalePrice(updatedAt);
        }
        if (answer <= minPrice || answer >= maxPrice) revert PriceOutOfBounds(answer);
        return uint256(answer) * priceScale;
    }

    function currentIndex() public view returns (uint256) {
        uint256 elapsed = block.timestamp - lastAccrual;
        return index + Math.mulDiv(index, RATE_PER_SECOND * elapsed, WAD);
    }

    function debtOf(address borrower) public view returns (uint256) {
        return Math.mulDiv(loans[borrower].debtShares, currentIndex(), WAD, Math.Rounding.Ceil);
    }

    // -------------------------------------------------------------- internals

    function _within(address borrower, uint256 ratio) private view returns (bool) {
        uint256 worth = Math.mulDiv(loans[borrower].collateral, price(), WAD);
        return debtOf(borrower) <= Math.mulDiv(worth, ratio, WAD);
    }

    function _reduceDebt(address borrower, uint256 amount) private returns (uint256 paid) {
        Loan storage loan = loans[borrower];
        uint256 debt = debtOf(borrower);
        paid = amount > debt ? debt : amount;
        require(paid > 0, "no debt");
        uint256 shares = paid == debt ? loan.debtShares : Math.mulDiv(paid, WAD, index);
        loan.debtShares -= shares;
        totalDebtShares -= shares;
        available += paid;
    }
}
