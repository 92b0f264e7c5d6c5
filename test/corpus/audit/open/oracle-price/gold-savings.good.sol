// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

interface IFeed {
    function latestAnswer() external view returns (int256);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
    function decimals() external view returns (uint8);
}

interface IGold {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @title Savings plan: ether in, gold tokens out
/// @notice The feed gives the price of one gold token (18 decimals) in ether with 18 decimals.
contract GoldSavings {
    uint256 private constant ONE = 1e18;
    uint256 public constant MAX_PAYMENT = 500 ether;
    uint256 public constant MAX_PRICE = 1e36;
    uint256 public constant SPREAD_BPS = 40;
    uint256 public constant HEARTBEAT = 26 hours;

    IFeed public immutable feed;
    IGold public immutable gold;
    address payable public immutable vaultKeeper;
    uint256 public stock;
    mapping(address => uint256) public savedBy;

    event Stocked(uint256 amount);
    event Saved(address indexed saver, uint256 paid, uint256 goldAmount);
    event Delivered(address indexed saver, uint256 goldAmount);

    modifier onlyKeeper() {
        require(msg.sender == vaultKeeper, "only the keeper");
        _;
    }

    constructor(IFeed feed_, IGold gold_) public {
        require(address(gold_) != address(0), "no gold");
        require(feed_.decimals() == 18, "feed has other decimals");
        feed = feed_;
        gold = gold_;
        vaultKeeper = msg.sender;
    }

    function stockUp(uint256 amount) external onlyKeeper {
        require(amount < 2 ** 128 && stock < 2 ** 128, "too much");
        stock += amount;
        emit Stocked(amount);
        require(gold.transferFrom(msg.sender, address(this), amount), "transfer failed");
    }

    /// @notice Saves gold for the ether sent; the saver names the least amount wanted.
    function save(uint256 minGold) external payable {
        require(msg.value > 0 && msg.value <= MAX_PAYMENT, "payment out of range");
        uint256 price = goldPrice();
        // at most 500e18 * 1e18 * 1e4, well inside the range
        uint256 amount = (msg.value * ONE * (10000 - SPREAD_BPS)) / (price * 10000);
        require(amount > 0 && amount >= minGold, "less than wanted");
        require(amount <= stock, "out of stock");
        stock -= amount;
        savedBy[msg.sender] += amount;
        emit Saved(msg.sender, msg.value, amount);
    }

    function deliver() external {
        uint256 amount = savedBy[msg.sender];
        require(amount > 0, "nothing saved");
        savedBy[msg.sender] = 0;
        emit Delivered(msg.sender, amount);
        require(gold.transfer(msg.sender, amount), "transfer failed");
    }

    function bank() external onlyKeeper {
        (bool ok, ) = vaultKeeper.call{value: address(this).balance}("");
        require(ok, "payment refused");
    }

    function goldPrice() public view returns (uint256) {
        (uint80 roundId, int256 answer, , uint256 updatedAt, uint80 answeredIn) = feed.latestRoundData();
        require(answeredIn >= roundId && updatedAt != 0, "round is not complete");
        require(block.timestamp <= updatedAt + HEARTBEAT, "price too old");
        require(answer > 0 && uint256(answer) <= MAX_PRICE, "price out of range");
        return uint256(answer);
    }
}
