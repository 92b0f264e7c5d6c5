// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IPool {
    function slot0()
        external
        view
        returns (uint160 sqrtPriceX96, int24 tick, uint16 index, uint16 cardinality, uint16 next, uint8 fee, bool unlocked);

    function observe(uint32[] calldata ago)
        external
        view
        returns (int56[] memory tickCumulatives, uint160[] memory liquidityCumulatives);
}

/// @title Two people wager on where a pool's tick stands at a given time
contract TickWagers {
    enum Stage {
        None,
        Offered,
        Matched,
        Settled
    }

    struct Wager {
        address above;
        address below;
        uint128 stake;
        uint64 expiry;
        int24 strike;
        Stage stage;
    }

    uint32 public constant WINDOW = 1800;
    uint64 public constant MIN_RUN = 1 hours;

    IPool public immutable pool;
    Wager[] public wagers;
    mapping(address => uint256) public winnings;

    event Offered(uint256 indexed id, address indexed above, int24 strike, uint256 stake, uint64 expiry);
    event Matched(uint256 indexed id, address indexed below);
    event Settled(uint256 indexed id, address indexed winner, int24 tick);

    error WrongStage();
    error BadTerms();
    error TooEarly();

    constructor(IPool pool_) {
        if (address(pool_) == address(0)) revert BadTerms();
        pool = pool_;
    }

    function offer(int24 strike, uint64 expiry) external payable returns (uint256 id) {
        if (msg.value == 0 || msg.value > type(uint128).max) revert BadTerms();
        if (expiry < block.timestamp + MIN_RUN) revert BadTerms();
        id = wagers.length;
        wagers.push(Wager(msg.sender, address(0), uint128(msg.value), expiry, strike, Stage.Offered));
        emit Offered(id, msg.sender, strike, msg.value, expiry);
    }

    function take(uint256 id) external payable {
        Wager storage w = wagers[id];
        if (w.stage != Stage.Offered) revert WrongStage();
        if (msg.value != w.stake || block.timestamp + MIN_RUN > w.expiry) revert BadTerms();
        w.below = msg.sender;
        w.stage = Stage.Matched;
        emit Matched(id, msg.sender);
    }

    function retract(uint256 id) external {
        Wager storage w = wagers[id];
        if (w.stage != Stage.Offered) revert WrongStage();
        if (msg.sender != w.above) revert BadTerms();
        w.stage = Stage.Settled;
        winnings[msg.sender] += w.stake;
    }

    function settle(uint256 id) external {
        Wager storage w = wagers[id];
        if (w.stage != Stage.Matched) revert WrongStage();
        if (block.timestamp < w.expiry) revert TooEarly();
        int24 tick = currentTick(uint32(block.timestamp - w.expiry));
        w.stage = Stage.Settled;
        address winner = tick > w.strike ? w.above : w.below;
        winnings[winner] += uint256(w.stake) * 2;
        emit Settled(id, winner, tick);
    }

    /// @notice A wager that nobody settled within a week is given back.
    function annul(uint256 id) external {
        Wager storage w = wagers[id];
        if (w.stage != Stage.Matched) revert WrongStage();
        if (block.timestamp <= uint256(w.expiry) + 1 weeks) revert TooEarly();
        w.stage = Stage.Settled;
        winnings[w.above] += w.stake;
        winnings[w.below] += w.stake;
    }

    function collect() external {
        uint256 amount = winnings[msg.sender];
        winnings[msg.sender] = 0;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "refused");
    }

    /// @param late seconds that have passed since the wager ran out
    function currentTick(uint32 late) public view returns (int24 tick) {
        require(late <= 1 weeks, "too late");
        uint32[] memory ago = new uint32[](2);
        ago[0] = WINDOW + late;
        ago[1] = late;
        (int56[] memory cumulative, ) = pool.observe(ago);
        int56 moved = cumulative[1] - cumulative[0];
        tick = int24(moved / int56(uint56(WINDOW)));
        if (moved < 0 && moved % int56(uint56(WINDOW)) != 0) tick--;
    }
}
