// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

interface IPair {
    function getReserves() external view returns (uint112, uint112, uint32);
    function token0() external view returns (address);
    function token1() external view returns (address);
    function price0CumulativeLast() external view returns (uint256);
}

interface IToken {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @title Rate of grain in coins, taken from a pair of the two tokens
contract PairRate {
    uint256 internal constant Q112 = 2 ** 112;
    uint256 public constant PERIOD = 4 hours;
    uint256 public constant MAX_AGE = 12 hours;

    IPair public pair;
    uint256 public cumulative;
    uint256 public updatedAt;
    uint256 public meanRate;

    event RateUpdated(uint256 rate);

    constructor(IPair pair_) public {
        require(address(pair_) != address(0), "no pair");
        pair = pair_;
        (cumulative, updatedAt) = (currentCumulative(), block.timestamp);
    }

    /// @notice Anybody may take down the mean of the last period.
    function update() external {
        uint256 passed = block.timestamp - updatedAt;
        require(passed >= PERIOD, "period not over");
        uint256 next = currentCumulative();
        // the pair's counter is meant to wrap around
        meanRate = (next - cumulative) / passed;
        cumulative = next;
        updatedAt = block.timestamp;
        emit RateUpdated(meanRate);
    }

    /// @dev Coins for one grain token, as a number with 112 binary places.
    function rate() internal view returns (uint256) {
        (uint112 grainReserve, uint112 coinReserve, ) = pair.getReserves(); // <-- oracle-price
        require(grainReserve > 0 && coinReserve > 0, "no liquidity");
        return (uint256(coinReserve) * Q112) / grainReserve;
    }

    /// @dev The pair's counter brought forward to this moment.
    function currentCumulative() internal view returns (uint256) {
        (uint112 reserve0, uint112 reserve1, uint32 last) = pair.getReserves();
        require(reserve0 > 0 && reserve1 > 0, "no liquidity");
        uint256 passed = uint256(uint32(block.timestamp - last));
        return pair.price0CumulativeLast() + ((uint256(reserve1) * Q112) / reserve0) * passed;
    }
}

/// @title Buys grain tokens from farmers at the rate of the exchange
contract GrainExchange is PairRate {
    IToken public grain;
    IToken public coin;
    address public cooperative;
    uint256 public constant MAX_LOT = 2 ** 90;
    uint256 public bought;

    event Bought(address indexed farmer, uint256 grainAmount, uint256 coinAmount);

    constructor(IPair pair_, IToken grain_, IToken coin_) public PairRate(pair_) {
        require(address(grain_) != address(0) && address(coin_) != address(0), "no token");
        require(pair_.token0() == address(grain_) && pair_.token1() == address(coin_), "another pair");
        grain = grain_;
        coin = coin_;
        cooperative = msg.sender;
    }

    /// @notice Sells grain to the cooperative; the farmer names the least amount of coins.
    function sell(uint256 amount, uint256 minCoins) external {
        require(amount > 0 && amount < MAX_LOT, "lot out of range");
        uint256 current = rate();
        require(current < 2 ** 150, "rate out of range");
        uint256 coins = (amount * current) / Q112;
        require(coins > 0 && coins >= minCoins, "too few coins");
        bought += amount;
        emit Bought(msg.sender, amount, coins);
        require(grain.transferFrom(msg.sender, cooperative, amount), "transfer failed");
        require(coin.transfer(msg.sender, coins), "transfer failed");
    }

    function takeCoins(uint256 amount) external {
        require(msg.sender == cooperative, "only the cooperative");
        require(coin.transfer(cooperative, amount), "transfer failed");
    }
}
