// SPDX-License-Identifier: MIT
pragma solidity ^0.8.13;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @title ComputeCredits
/// @notice Prepaid units of GPU time, paid in a stablecoin and used up by the cluster.
contract ComputeCredits {
    struct Account {
        uint128 units;
        uint96 spent;
        uint32 lastPurchase;
    }

    uint256 public constant MIN_PRICE = 1e12;
    uint256 public constant MAX_PRICE = 1e21;

    IERC20 public immutable stable;
    address public immutable cluster;
    address public treasurer;
    address public pendingTreasurer;
    uint256 public unitPrice;
    uint256 public receipts;
    mapping(address => Account) public accounts;

    event PriceSet(uint256 unitPrice);
    event Purchased(address indexed buyer, uint128 units, uint256 cost);
    event Granted(address indexed from, address indexed to, uint128 units);
    event Consumed(address indexed account, uint128 units, bytes32 jobId);
    event Collected(uint256 amount);
    event TreasurerProposed(address indexed candidate);
    event TreasurerChanged(address indexed treasurer);

    error Unauthorized();
    error InvalidValue();
    error CostAboveLimit(uint256 cost);
    error TransferFailed();

    modifier onlyTreasurer() {
        if (msg.sender != treasurer) revert Unauthorized();
        _;
    }

    constructor(IERC20 stable_, address cluster_, uint256 unitPrice_) {
        if (address(stable_) == address(0) || cluster_ == address(0)) revert InvalidValue();
        if (unitPrice_ < MIN_PRICE || unitPrice_ > MAX_PRICE) revert InvalidValue();
        stable = stable_;
        cluster = cluster_;
        treasurer = msg.sender;
        unitPrice = unitPrice_;
    }

    function proposeTreasurer(address candidate) external onlyTreasurer {
        pendingTreasurer = candidate;
        emit TreasurerProposed(candidate);
    }

    function acceptTreasurer() external {
        if (msg.sender != pendingTreasurer) revert Unauthorized();
        treasurer = msg.sender;
        pendingTreasurer = address(0);
        emit TreasurerChanged(msg.sender);
    }

    function setUnitPrice(uint256 price) external onlyTreasurer {
        if (price < MIN_PRICE || price > MAX_PRICE) revert InvalidValue();
        unitPrice = price;
        emit PriceSet(price);
    }

    /// @notice Buy units at the current price.
    function purchase(uint128 units, uint256 maxCost) external returns (uint96 cost) {
        if (units == 0) revert InvalidValue();
        cost = uint96(units * unitPrice); // <-- arithmetic
        if (cost > maxCost) revert CostAboveLimit(cost);

        Account storage a = accounts[msg.sender];
        a.units += units;
        a.spent += cost;
        a.lastPurchase = uint32(block.timestamp);
        receipts += cost;
        emit Purchased(msg.sender, units, cost);
        if (!stable.transferFrom(msg.sender, address(this), cost)) revert TransferFailed();
    }

    function grant(address to, uint128 units) external {
        if (to == address(0)) revert InvalidValue();
        accounts[msg.sender].units -= units;
        accounts[to].units += units;
        emit Granted(msg.sender, to, units);
    }

    function consume(address account, uint128 units, bytes32 jobId) external {
        if (msg.sender != cluster) revert Unauthorized();
        accounts[account].units -= units;
        emit Consumed(account, units, jobId);
    }

    function collect() external onlyTreasurer {
        uint256 amount = receipts;
        receipts = 0;
        emit Collected(amount);
        if (!stable.transfer(treasurer, amount)) revert TransferFailed();
    }
}
