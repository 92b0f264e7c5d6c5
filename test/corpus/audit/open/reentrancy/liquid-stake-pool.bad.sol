// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title LiquidStakePool
/// @notice Pools ether for validators. Shares are plain internal balances; `pricePerShare` is
///         what lending markets read to value them as collateral.
contract LiquidStakePool {
    uint256 private constant WAD = 1e18;
    uint256 private constant MIN_FIRST_DEPOSIT = 1 ether;
    uint256 private constant DEAD_SHARES = 1e15;

    uint256 public totalShares;
    uint256 public pooled;
    mapping(address => uint256) public sharesOf;

    bool private entered;

    event Deposited(address indexed user, uint256 amount, uint256 shares);
    event Redeemed(address indexed user, uint256 shares, uint256 amount);
    event RewardsAdded(address indexed from, uint256 amount);
    event SharesMoved(address indexed from, address indexed to, uint256 shares);

    error Reentered();
    error ZeroAmount();
    error TooFewShares();
    error EtherNotAccepted();

    modifier locked() {
        if (entered) revert Reentered();
        entered = true;
        _;
        entered = false;
    }

    function deposit(uint256 minShares) external payable locked returns (uint256 shares) {
        if (msg.value == 0) revert ZeroAmount();
        if (totalShares == 0) {
            require(msg.value >= MIN_FIRST_DEPOSIT, "first deposit too small");
            sharesOf[address(0)] = DEAD_SHARES;
            totalShares = DEAD_SHARES;
            shares = msg.value - DEAD_SHARES;
        } else {
            shares = (msg.value * totalShares) / pooled;
        }
        if (shares == 0 || shares < minShares) revert TooFewShares();
        totalShares += shares;
        sharesOf[msg.sender] += shares;
        pooled += msg.value;
        emit Deposited(msg.sender, msg.value, shares);
    }

    /// @notice Burn shares for ether at the current price.
    function redeem(uint256 shares, uint256 minAmount) external locked returns (uint256 amount) {
        if (shares == 0) revert ZeroAmount();
        amount = (shares * pooled) / totalShares;
        require(amount >= minAmount, "price moved");
        sharesOf[msg.sender] -= shares;
        totalShares -= shares;
        (bool ok, ) = payable(msg.sender).call{value: amount}(""); // <-- reentrancy
        require(ok, "ether transfer failed");
        pooled -= amount;
        emit Redeemed(msg.sender, shares, amount);
    }

    function addRewards() external payable locked {
        if (msg.value == 0) revert ZeroAmount();
        require(totalShares > 0, "no holders");
        pooled += msg.value;
        emit RewardsAdded(msg.sender, msg.value);
    }

    function moveShares(address to, uint256 shares) external locked {
        require(to != address(0), "zero receiver");
        sharesOf[msg.sender] -= shares;
        sharesOf[to] += shares;
        emit SharesMoved(msg.sender, to, shares);
    }

    /// @notice Ether per share, 18 decimals.
    function pricePerShare() external view returns (uint256) {
        if (totalShares == 0) return WAD;
        return (pooled * WAD) / totalShares;
    }

    receive() external payable {
        revert EtherNotAccepted();
    }
}
