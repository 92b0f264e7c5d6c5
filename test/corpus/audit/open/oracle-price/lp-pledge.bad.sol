// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

interface ILpToken is IERC20 {
    function getReserves() external view returns (uint112 reserve0, uint112 reserve1, uint32 last);
}

interface IFeed {
    function decimals() external view returns (uint8);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}

/// @title Valuation of liquidity shares, in dollars with 18 decimals
/// @notice Both tokens of the pair have 18 decimals, both feeds eight.
contract LpValuer {
    uint256 private constant MAX_AGE = 2 hours;

    ILpToken public immutable lp;
    IFeed public immutable feed0;
    IFeed public immutable feed1;

    error BadFeed(address feed);

    constructor(ILpToken lp_, IFeed feed0_, IFeed feed1_) {
        if (feed0_.decimals() != 8) revert BadFeed(address(feed0_));
        if (feed1_.decimals() != 8) revert BadFeed(address(feed1_));
        lp = lp_;
        feed0 = feed0_;
        feed1 = feed1_;
    }

    /// @notice Value of one whole liquidity share.
    function valueOfOne() public view returns (uint256) {
        (uint112 reserve0, uint112 reserve1, ) = lp.getReserves();
        uint256 price0 = _read(feed0);
        uint256 price1 = _read(feed1);
        uint256 total = uint256(reserve0) * price0 + uint256(reserve1) * price1; // <-- oracle-price
        return (total * 1e10) / lp.totalSupply();
    }

    function _read(IFeed feed) private view returns (uint256) {
        (uint80 roundId, int256 answer, , uint256 updatedAt, uint80 answeredIn) = feed.latestRoundData();
        if (answer <= 0 || updatedAt == 0 || answeredIn < roundId) revert BadFeed(address(feed));
        if (block.timestamp - updatedAt > MAX_AGE) revert BadFeed(address(feed));
        return uint256(answer);
    }
}

/// @title Dollar advances against pledged liquidity shares
contract LpPledge is LpValuer {
    using SafeERC20 for IERC20;

    uint256 public constant ADVANCE_BPS = 5_000;
    IERC20 public immutable dollar;
    address public immutable funder;
    mapping(address => uint256) public pledged;
    mapping(address => uint256) public advanced;

    event Pledged(address indexed who, uint256 shares);
    event Released(address indexed who, uint256 shares);
    event AdvanceTaken(address indexed who, uint256 amount);
    event AdvanceRepaid(address indexed who, uint256 amount);

    error TooMuch();

    constructor(ILpToken lp_, IFeed feed0_, IFeed feed1_, IERC20 dollar_) LpValuer(lp_, feed0_, feed1_) {
        require(address(dollar_) != address(0), "no dollar");
        dollar = dollar_;
        funder = msg.sender;
    }

    function pledge(uint256 shares) external {
        pledged[msg.sender] += shares;
        emit Pledged(msg.sender, shares);
        IERC20(address(lp)).safeTransferFrom(msg.sender, address(this), shares);
    }

    function release(uint256 shares) external {
        pledged[msg.sender] -= shares;
        if (advanced[msg.sender] > limitOf(msg.sender)) revert TooMuch();
        emit Released(msg.sender, shares);
        IERC20(address(lp)).safeTransfer(msg.sender, shares);
    }

    function takeAdvance(uint256 amount) external {
        advanced[msg.sender] += amount;
        if (advanced[msg.sender] > limitOf(msg.sender)) revert TooMuch();
        emit AdvanceTaken(msg.sender, amount);
        dollar.safeTransfer(msg.sender, amount);
    }

    function repay(uint256 amount) external {
        advanced[msg.sender] -= amount;
        emit AdvanceRepaid(msg.sender, amount);
        dollar.safeTransferFrom(msg.sender, funder, amount);
    }

    function limitOf(address who) public view returns (uint256) {
        if (pledged[who] == 0) return 0;
        return (pledged[who] * valueOfOne() * ADVANCE_BPS) / (1e18 * 10_000);
    }
}
