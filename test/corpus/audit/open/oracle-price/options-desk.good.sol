// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

interface IPool {
    function observe(uint32[] calldata secondsAgos)
        external
        view
        returns (int56[] memory tickCumulatives, uint160[] memory secondsPerLiquidity);

    function slot0()
        external
        view
        returns (int24 tick, uint16 observationIndex, uint16 observationCardinality);
}

/// @title Desk for binary options on the tick of a pool
/// @notice A writer offers a stake; a taker pays the premium and wins the stake if the tick
///         is above the strike in the settlement window.
contract OptionsDesk {
    using SafeERC20 for IERC20;

    struct Option {
        address writer;
        address taker;
        int24 strike;
        uint64 expiry;
        uint128 stake;
        uint128 premium;
        bool closed;
    }

    uint32 public constant WINDOW = 30 minutes;
    uint64 public constant SETTLE_WITHIN = 3 days;

    IPool public immutable pool;
    IERC20 public immutable currency;
    uint256 public optionCount;
    mapping(uint256 => Option) private _options;

    event Written(uint256 indexed id, address indexed writer, int24 strike, uint64 expiry);
    event Taken(uint256 indexed id, address indexed taker);
    event Settled(uint256 indexed id, address indexed receiver, int24 tick);

    error BadTerms();
    error NotOpen();
    error NotTheTime();

    constructor(IPool pool_, IERC20 currency_) {
        if (address(pool_) == address(0) || address(currency_) == address(0)) revert BadTerms();
        pool = pool_;
        currency = currency_;
    }

    function write(int24 strike, uint64 expiry, uint128 stake, uint128 premium) external returns (uint256 id) {
        if (expiry < block.timestamp + 1 days || stake == 0 || premium == 0) revert BadTerms();
        id = ++optionCount;
        _options[id] = Option(msg.sender, address(0), strike, expiry, stake, premium, false);
        emit Written(id, msg.sender, strike, expiry);
        currency.safeTransferFrom(msg.sender, address(this), stake);
    }

    function take(uint256 id) external {
        Option storage o = _options[id];
        if (o.writer == address(0) || o.taker != address(0) || o.closed) revert NotOpen();
        if (block.timestamp + 6 hours > o.expiry) revert NotTheTime();
        o.taker = msg.sender;
        emit Taken(id, msg.sender);
        currency.safeTransferFrom(msg.sender, o.writer, o.premium);
    }

    /// @notice The taker exercises within three days of the expiry.
    function exercise(uint256 id) external {
        Option storage o = _options[id];
        if (o.taker != msg.sender || o.closed) revert NotOpen();
        if (block.timestamp < o.expiry || block.timestamp >= o.expiry + SETTLE_WITHIN) revert NotTheTime();
        int24 tick = _tick();
        require(tick > o.strike, "below the strike");
        o.closed = true;
        emit Settled(id, o.taker, tick);
        currency.safeTransfer(o.taker, o.stake);
    }

    /// @notice The writer takes the stake of an option back that nobody took or exercised.
    function takeBack(uint256 id) external {
        Option storage o = _options[id];
        if (o.writer != msg.sender || o.closed) revert NotOpen();
        if (o.taker != address(0) && block.timestamp < o.expiry + SETTLE_WITHIN) revert NotTheTime();
        o.closed = true;
        emit Settled(id, o.writer, 0);
        currency.safeTransfer(o.writer, o.stake);
    }

    function optionOf(uint256 id) external view returns (Option memory) {
        return _options[id];
    }

    function _tick() internal view returns (int24 tick) {
        uint32[] memory ago = new uint32[](2);
        ago[0] = WINDOW;
        ago[1] = 0;
        (int56[] memory cumulative, ) = pool.observe(ago);
        int56 difference = cumulative[1] - cumulative[0];
        int56 span = int56(uint56(ago[0]));
        int56 mean = difference / span;
        // towards minus infinity
        if (difference < 0 && difference % span != 0) mean--;
        require(mean >= type(int24).min && mean <= type(int24).max, "tick out of range");
        tick = int24(mean);
    }
}
