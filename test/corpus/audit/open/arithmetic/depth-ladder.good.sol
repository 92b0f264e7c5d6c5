// SPDX-License-Identifier: BUSL-1.1
pragma solidity ^0.8.20;

interface ICoin {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @notice Numbers with 64 bits behind the point.
library Q64 {
    error TooBig(uint256 n);

    function fromWhole(uint256 n) internal pure returns (uint256) {
       if (n >= uint256(1) << 192) revert TooBig(n);
        return n << 64;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256) {
        return (a * b) >> 64;
    }

    function divUp(uint256 a, uint256 b) internal pure returns (uint256) {
        return a == 0 ? 0 : (a - 1) / b + 1;
    }
}

/// @title Liquidity on rungs of a ladder of prices, paid for in one coin
contract DepthLadder {
    using Q64 for uint256;

    struct Rung {
        uint128 lower;
        uint128 upper;
        uint256 depth;
    }

    ICoin public immutable coin;
    address public immutable maker;
    uint256 public rungCount;
    mapping(uint256 => Rung) public rungs;
    mapping(uint256 => mapping(address => uint256)) public depthOf;

    event RungAdded(uint256 indexed rung, uint128 lower, uint128 upper);
    event DepthAdded(uint256 indexed rung, address indexed who, uint128 depth, uint256 cost);
    event DepthRemoved(uint256 indexed rung, address indexed who, uint128 depth, uint256 paid);

    error NotMaker();
    error BadRung();
    error NothingToDo();
    error CoinFailed();

    constructor(ICoin coin_) {
        if (address(coin_).code.length == 0) revert CoinFailed();
        coin = coin_;
        maker = msg.sender;
    }

    /// @param lower price with 64 bits behind the point
    /// @param upper price with 64 bits behind the point
    function addRung(uint128 lower, uint128 upper) external returns (uint256 rung) {
        if (msg.sender != maker) revert NotMaker();
        if (lower < 1 << 48 || upper <= lower || upper > 1 << 80) revert BadRung();
        rung = rungCount++;
        rungs[rung] = Rung(lower, upper, 0);
        emit RungAdded(rung, lower, upper);
    }

    function addDepth(uint256 rung, uint128 depth, uint256 maxCost) external returns (uint256 cost) {
        if (depth == 0) revert NothingToDo();
        (uint256 top, uint256 bottom) = _ratio(rung, depth);
        cost = top.divUp(bottom);
        if (cost > maxCost) revert NothingToDo();
        rungs[rung].depth += depth;
        depthOf[rung][msg.sender] += depth;
        emit DepthAdded(rung, msg.sender, depth, cost);
        if (!coin.transferFrom(msg.sender, address(this), cost)) revert CoinFailed();
    }

    function removeDepth(uint256 rung, uint128 depth) external returns (uint256 paid) {
        if (depth == 0) revert NothingToDo();
        depthOf[rung][msg.sender] -= depth;
        rungs[rung].depth -= depth;
        (uint256 top, uint256 bottom) = _ratio(rung, depth);
        paid = top / bottom;
        emit DepthRemoved(rung, msg.sender, depth, paid);
        if (!coin.transfer(msg.sender, paid)) revert CoinFailed();
    }

    /// @dev depth * (upper - lower) / (lower * upper), as a fraction.
    function _ratio(uint256 rung, uint128 depth) private view returns (uint256 top, uint256 bottom) {
        Rung storage r = rungs[rung];
        if (r.upper == 0) revert BadRung();
        top = (uint256(depth) * (r.upper - r.lower)).fromWhole();
        bottom = uint256(r.lower) * uint256(r.upper);
    }
}
