// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

interface IPool {
    function token0() external view returns (address);
    function token1() external view returns (address);
    function slot0()
        external
        view
        returns (uint160 sqrtPriceX96, int24 tick, uint16 index, uint16 cardinality, uint16 next, uint8 fee, bool open);
}

interface IFeed {
    function decimals() external view returns (uint8);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}

/// @title Bonds: pay in the reserve token now, get treasury tokens later at a discount
/// @notice The treasury token is token0 of the pool, the reserve is token1; both have 18 decimals.
contract TreasuryBonds {
    using SafeERC20 for IERC20;

    struct Bond {
        uint128 payout;
        uint64 matures;
        bool redeemed;
    }

    uint256 private constant Q96 = 2 ** 96;
    uint256 public constant DISCOUNT_BPS = 500;
    uint256 public constant TERM = 5 days;
    uint256 public constant MAX_AGE = 1 hours;

    IPool public immutable pool;
    IFeed public immutable feed;
    IERC20 public immutable token;
    IERC20 public immutable reserve;
    address public immutable treasury;
    uint256 public promised;
    mapping(address => Bond[]) private _bonds;

    event BondBought(address indexed buyer, uint256 index, uint256 paid, uint256 payout);
    event BondRedeemed(address indexed buyer, uint256 index, uint256 payout);
    event SurplusTaken(uint256 amount);

    error NoPrice();
    error TooFewTokens();
    error NotRedeemable();

    constructor(IPool pool_, IFeed feed_) {
        require(feed_.decimals() <= 18, "feed too fine");
        pool = pool_;
        feed = feed_;
        token = IERC20(pool_.token0());
        reserve = IERC20(pool_.token1());
        treasury = msg.sender;
    }

    function buy(uint256 amount, uint256 minPayout) external returns (uint256 index) {
        uint256 payout = Math.mulDiv(amount, Q96 * 10_000, _priceX96() * (10_000 - DISCOUNT_BPS));
        if (payout == 0 || payout < minPayout || payout > type(uint128).max) revert TooFewTokens();
        if (promised + payout > token.balanceOf(address(this))) revert TooFewTokens();
        promised += payout;
        index = _bonds[msg.sender].length;
        _bonds[msg.sender].push(Bond(uint128(payout), uint64(block.timestamp + TERM), false));
        emit BondBought(msg.sender, index, amount, payout);
        reserve.safeTransferFrom(msg.sender, treasury, amount);
    }

    function redeem(uint256 index) external {
        Bond storage bond = _bonds[msg.sender][index];
        if (bond.redeemed || block.timestamp < bond.matures) revert NotRedeemable();
        bond.redeemed = true;
        promised -= bond.payout;
        emit BondRedeemed(msg.sender, index, bond.payout);
        token.safeTransfer(msg.sender, bond.payout);
    }

    function takeSurplus() external {
        require(msg.sender == treasury, "only the treasury");
        uint256 amount = token.balanceOf(address(this)) - promised;
        emit SurplusTaken(amount);
        token.safeTransfer(treasury, amount);
    }

    function bondOf(address buyer, uint256 index) external view returns (Bond memory) {
        return _bonds[buyer][index];
    }

    /// @dev Reserve tokens for one treasury token, with 96 binary places.
    function _priceX96() internal view returns (uint256 price) {
        (uint80 roundId, int256 answer, , uint256 updatedAt, uint80 answeredIn) = feed.latestRoundData();
        if (answer <= 0 || answeredIn < roundId || block.timestamp - updatedAt > MAX_AGE) revert NoPrice();
        price = Math.mulDiv(uint256(answer), Q96, 10 ** feed.decimals());
        if (price == 0 || price >= 2 ** 200) revert NoPrice();
    }
}
