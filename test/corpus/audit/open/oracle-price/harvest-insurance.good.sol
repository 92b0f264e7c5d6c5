// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IFeed {
    function decimals() external view returns (uint8);
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}

/// @title Reading of price feeds for all products of the insurer
abstract contract FeedReader {
    uint256 internal constant MAX_AGE = 25 hours;
    IFeed public immutable feed;

    error NoPrice();
    error OldPrice(uint256 updatedAt);

    constructor(IFeed feed_) {
        require(address(feed_) != address(0), "no feed");
        feed = feed_;
    }

    /// @dev Latest price scaled to 18 decimals.
    function _latestPrice() internal view returns (uint256) {
        (uint80 roundId, int256 answer, , uint256 updatedAt, uint80 answeredIn) = feed.latestRoundData();
        if (answer <= 0) revert NoPrice();
        if (updatedAt == 0 || answeredIn < roundId) revert NoPrice();
        if (block.timestamp - updatedAt > MAX_AGE) revert OldPrice(updatedAt);
        uint8 decimals = feed.decimals();
        return decimals <= 18 ? uint256(answer) * 10 ** (18 - decimals) : uint256(answer) / 10 ** (decimals - 18);
    }
}

/// @title Cover against a low price of wheat at the end of the season
contract HarvestInsurance is FeedReader {
    struct Policy {
        address farmer;
        uint256 floorPrice;
        uint256 sum;
        uint64 matures;
        bool settled;
    }

    uint256 public constant PREMIUM_BPS = 800;
    uint256 public constant SETTLEMENT_WINDOW = 14 days;

    address public immutable insurer;
    uint256 public committed;
    uint256 public policyCount;
    mapping(uint256 => Policy) public policies;

    event Insured(uint256 indexed id, address indexed farmer, uint256 floorPrice, uint256 sum);
    event Settled(uint256 indexed id, uint256 price, uint256 paid);
    event Lapsed(uint256 indexed id);
    event CapitalTaken(uint256 amount);

    constructor(IFeed feed_) FeedReader(feed_) {
        insurer = msg.sender;
    }

    receive() external payable {}

    function insure(uint256 sum, uint64 matures) external payable returns (uint256 id) {
        require(sum > 0 && msg.value == (sum * PREMIUM_BPS + 9_999) / 10_000, "wrong premium");
        require(matures > block.timestamp + 60 days && matures < block.timestamp + 400 days, "bad date");
        require(committed + sum <= address(this).balance, "not enough capital");
        committed += sum;
        id = ++policyCount;
        uint256 floorPrice = (_latestPrice() * 85) / 100;
        policies[id] = Policy(msg.sender, floorPrice, sum, matures, false);
        emit Insured(id, msg.sender, floorPrice, sum);
    }

    /// @notice Pays the sum in proportion to how far the price is below the floor.
    function settle(uint256 id) external {
        Policy storage p = policies[id];
        require(p.farmer == msg.sender && !p.settled, "not your policy");
        require(block.timestamp >= p.matures && block.timestamp < p.matures + SETTLEMENT_WINDOW, "not the time");
        p.settled = true;
        committed -= p.sum;
        uint256 price = _latestPrice();
        uint256 paid = price >= p.floorPrice ? 0 : (p.sum * (p.floorPrice - price)) / p.floorPrice;
        emit Settled(id, price, paid);
        (bool ok, ) = p.farmer.call{value: paid}("");
        require(ok, "payment refused");
    }

    function lapse(uint256 id) external {
        Policy storage p = policies[id];
        require(p.farmer != address(0) && !p.settled, "no open policy");
        require(block.timestamp >= p.matures + SETTLEMENT_WINDOW, "not the time");
        p.settled = true;
        committed -= p.sum;
        emit Lapsed(id);
    }

    function takeCapital(uint256 amount) external {
        require(msg.sender == insurer, "only the insurer");
        require(address(this).balance >= committed + amount, "capital is committed");
        emit CapitalTaken(amount);
        (bool ok, ) = insurer.call{value: amount}("");
        require(ok, "payment refused");
    }
}
