// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

interface IERC20 {
    function balanceOf(address who) external view returns (uint256);
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

interface IPriceFeed {
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}

/// @title Margin accounts on Arbitrum One: USDC lent against ether
/// @notice The feed has 8 decimals, USDC has 6 and returns true. The deployer funds the lending.
contract AmberMargin {
    uint256 public constant OPEN_BPS = 6_500;
    uint256 public constant CLOSE_BPS = 8_000;
    uint256 public constant BONUS_BPS = 500;
    uint256 public constant FEED_AGE = 25 hours;
    uint256 public constant GRACE = 1 hours;

    IERC20 public immutable usdc;
    IPriceFeed public immutable feed;
    IPriceFeed public immutable uptime;
    address public immutable lender;

    mapping(address => uint256) public margin;
    mapping(address => uint256) public debt;

    event Opened(address indexed user, uint256 added, uint256 borrowed);
    event Closed(address indexed user, uint256 repaid, uint256 returned);
    event Liquidated(address indexed user, address indexed keeper, uint256 repaid, uint256 taken);

    error Unhealthy();
    error Healthy();
    error PriceUnavailable();
    error PaymentFailed();

    constructor(IERC20 usdc_, IPriceFeed feed_, IPriceFeed uptime_) {
        require(address(usdc_) != address(0) && address(feed_) != address(0) && address(uptime_) != address(0));
        usdc = usdc_;
        feed = feed_;
        uptime = uptime_;
        lender = msg.sender;
    }

    function takeBack(uint256 amount) external {
        require(msg.sender == lender, "lender");
        if (!usdc.transfer(lender, amount)) revert PaymentFailed();
    }

    function open(uint256 amount) external payable {
        margin[msg.sender] += msg.value;
        debt[msg.sender] += amount;
        if (!_covered(msg.sender, OPEN_BPS)) revert Unhealthy();
        emit Opened(msg.sender, msg.value, amount);
        if (!usdc.transfer(msg.sender, amount)) revert PaymentFailed();
    }

    function close(uint256 repay, uint256 back) external {
        debt[msg.sender] -= repay;
        margin[msg.sender] -= back;
        if (!_covered(msg.sender, OPEN_BPS)) revert Unhealthy();
        emit Closed(msg.sender, repay, back);
        if (!usdc.transferFrom(msg.sender, address(this), repay)) revert PaymentFailed();
        _send(msg.sender, back);
    }

    function liquidate(address user) external {
        if (_covered(user, CLOSE_BPS)) revert Healthy();
        uint256 repay = debt[user];
        uint256 taken = (repay * 1e20 * (10_000 + BONUS_BPS)) / (etherPrice() * 10_000);
        if (taken > margin[user]) taken = margin[user];
        debt[user] = 0;
        margin[user] -= taken;
        emit Liquidated(user, msg.sender, repay, taken);
        if (!usdc.transferFrom(msg.sender, address(this), repay)) revert PaymentFailed();
        _send(msg.sender, taken);
    }

    /// @return price dollars for an ether, with 8 decimals
    function etherPrice() public view returns (uint256 price) {
        (, int256 status, uint256 startedAt, , ) = uptime.latestRoundData();
        if (status != 0 || startedAt == 0) revert PriceUnavailable();
        if (block.timestamp - startedAt <= GRACE) revert PriceUnavailable();
        (, int256 answer, , uint256 updatedAt, ) = feed.latestRoundData();
        if (answer <= 0 || updatedAt == 0) revert PriceUnavailable();
        if (block.timestamp - updatedAt > FEED_AGE) revert PriceUnavailable();
        price = uint256(answer);
    }

    function _covered(address user, uint256 bps) private view returns (bool) {
        uint256 owed = debt[user];
        if (owed == 0) return true;
        // wei * price (8) / 1e20 is dollars with 6 decimals
        return (margin[user] * etherPrice() * bps) / (1e20 * 10_000) >= owed;
    }

    function _send(address to, uint256 amount) private {
        if (amount == 0) return;
        (bool ok, ) = to.call{value: amount}("");
        if (!ok) revert PaymentFailed();
    }
}
