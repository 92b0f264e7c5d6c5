// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IAccrualEngine {
    function accrue(bytes32 market, uint256 daysPassed) external;
}

/// @dev Storage shared between the ledger and its engine; both inherit it first.
abstract contract AccrualStorage {
    struct Market {
        uint128 principal;
        uint128 interest;
        uint32 ratePerDay;
        uint64 touchedAt;
    }

    mapping(bytes32 => Market) internal markets;
}

/// @notice Simple interest, one millionth per day and unit of rate.
contract AccrualEngine is AccrualStorage, IAccrualEngine {
    function accrue(bytes32 market, uint256 daysPassed) external override {
        Market storage m = markets[market];
        uint256 added = (uint256(m.principal) * m.ratePerDay * daysPassed) / 1_000_000;
        require(added <= type(uint128).max - m.interest, "interest overflow");
        m.interest += uint128(added);
    }
}

/// @title AccrualLedger
/// @notice Book-keeping for loans granted off chain. The formula lives in an engine whose address
///         never changes after deployment.
contract AccrualLedger is AccrualStorage {
    address public immutable engine;
    address public immutable clerk;

    event MarketOpened(bytes32 indexed market, uint128 principal, uint32 ratePerDay);
    event Accrued(bytes32 indexed market, uint256 daysPassed);
    event Repaid(bytes32 indexed market, uint128 principal, uint128 interest);

    modifier onlyClerk() {
        require(msg.sender == clerk, "clerk only");
        _;
    }

    constructor(address clerk_) {
        require(clerk_ != address(0), "no clerk");
        clerk = clerk_;
        engine = address(new AccrualEngine());
    }

    function openMarket(bytes32 market, uint128 principal, uint32 ratePerDay) external onlyClerk {
        Market storage m = markets[market];
        require(m.touchedAt == 0, "already open");
        require(principal > 0 && ratePerDay <= 5_000, "bad terms");
        m.principal = principal;
        m.ratePerDay = ratePerDay;
        m.touchedAt = uint64(block.timestamp);
        emit MarketOpened(market, principal, ratePerDay);
    }

    function touch(bytes32 market) external {
        _accrue(market);
    }

    function repay(bytes32 market, uint128 amount) external onlyClerk {
        _accrue(market);
        Market storage m = markets[market];
        uint128 onInterest = amount < m.interest ? amount : m.interest;
        uint128 onPrincipal = amount - onInterest;
        require(onPrincipal <= m.principal, "more than owed");
        m.interest -= onInterest;
        m.principal -= onPrincipal;
        emit Repaid(market, onPrincipal, onInterest);
    }

    function owed(bytes32 market) external view returns (uint256) {
        return uint256(markets[market].principal) + markets[market].interest;
    }

    function _accrue(bytes32 market) private {
        Market storage m = markets[market];
        require(m.touchedAt != 0, "no such market");
        uint256 daysPassed = (block.timestamp - m.touchedAt) / 1 days;
        if (daysPassed == 0) return;
        m.touchedAt += uint64(daysPassed * 1 days);
        engine.delegatecall(abi.encodeCall(IAccrualEngine.accrue, (market, daysPassed))); // <-- unchecked-result
        emit Accrued(market, daysPassed);
    }
}
