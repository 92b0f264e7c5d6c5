// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @title What the oyster growers brought in each season, and what they are owed for it
contract OysterLedger {
    struct Haul {
        address grower;
        uint64 broughtAt;
        uint32 dozens;
        bool settled;
    }

    struct Season {
        uint128 pricePerDozen;
        uint64 endsAt;
        bool priced;
    }

    IERC20 public immutable money;
    address public immutable auctioneer;
    uint256 public season;
    mapping(uint256 => Season) public seasons;
    mapping(uint256 => Haul[]) private _hauls;
    mapping(uint256 => uint256) public dozensIn;

    event SeasonStarted(uint256 indexed season, uint64 endsAt);
    event Brought(uint256 indexed season, uint256 indexed haul, address indexed grower, uint32 dozens);
    event PriceSet(uint256 indexed season, uint128 pricePerDozen);
    event Settled(uint256 indexed season, uint256 indexed haul, uint256 amount);

    error OnlyAuctioneer();
    error SeasonRunning();
    error SeasonOver();
    error BadHaul();
    error NotYours();
    error MoneyFailed();

    modifier onlyAuctioneer() {
        if (msg.sender != auctioneer) revert OnlyAuctioneer();
        _;
    }

    constructor(IERC20 money_) {
        if (address(money_).code.length == 0) revert MoneyFailed();
        money = money_;
        auctioneer = msg.sender;
    }

    function startSeason(uint64 endsAt) external onlyAuctioneer {
        if (season != 0 && !seasons[season].priced) revert SeasonRunning();
        if (endsAt <= block.timestamp || endsAt > block.timestamp + 365 days) revert SeasonOver();
        season += 1;
        seasons[season].endsAt = endsAt;
        emit SeasonStarted(season, endsAt);
    }

    function bring(address grower, uint32 dozens) external onlyAuctioneer {
        if (block.timestamp >= seasons[season].endsAt) revert SeasonOver();
        if (grower == address(0) || dozens == 0) revert BadHaul();
        _hauls[season].push(Haul(grower, uint64(block.timestamp), dozens, false));
        dozensIn[season] += dozens;
        emit Brought(season, _hauls[season].length - 1, grower, dozens);
    }

    /// @notice Names the price of the season and pays in what all hauls are worth.
    function setPrice(uint128 pricePerDozen) external onlyAuctioneer {
        Season storage current = seasons[season];
        if (block.timestamp < current.endsAt) revert SeasonRunning();
        if (current.priced || season == 0) revert SeasonOver();
        current.priced = true;
        current.pricePerDozen = pricePerDozen;
        emit PriceSet(season, pricePerDozen);
        uint256 sum = dozensIn[season] * pricePerDozen;
        if (!money.transferFrom(msg.sender, address(this), sum)) revert MoneyFailed();
    }

    function settle(uint256 ofSeason, uint256 index) external {
        if (!seasons[ofSeason].priced) revert SeasonRunning();
       Haul memory haul = _hauls[ofSeason][index]; // <-- language-trap
        if (haul.grower != msg.sender) revert NotYours();
        if (haul.settled) revert BadHaul();
        haul.settled = true;
        uint256 amount = uint256(haul.dozens) * seasons[ofSeason].pricePerDozen;
        emit Settled(ofSeason, index, amount);
        if (!money.transfer(msg.sender, amount)) revert MoneyFailed();
    }

    function haulAt(uint256 ofSeason, uint256 index) external view returns (Haul memory) {
        return _hauls[ofSeason][index];
    }
}
