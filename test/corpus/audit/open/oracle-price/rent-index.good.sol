// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

interface IFeed {
    function decimals() external view returns (uint8);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
    function latestAnswer() external view returns (int256);
    function latestTimestamp() external view returns (uint256);
}

/// @title Leases with a rent in francs that is paid in ether
/// @notice The feed gives francs for one ether, with eight decimals.
contract RentIndex {
    struct Lease {
        address landlord;
        address tenant;
        uint256 monthlyFrancs;
        uint256 paidUntil;
        uint256 ends;
    }

    uint256 public constant MONTH = 30 days;
    uint256 public constant MAX_FRANCS = 1e6;
    uint256 public constant MAX_AGE = 3 hours;

    IFeed public immutable feed;
    uint256 public leaseCount;
    mapping(uint256 => Lease) public leases;
    mapping(address => uint256) public balances;

    event Signed(uint256 indexed id, address indexed landlord, address indexed tenant, uint256 monthlyFrancs);
    event RentPaid(uint256 indexed id, uint256 amount, uint256 paidUntil);
    event Withdrawn(address indexed who, uint256 amount);

    constructor(IFeed feed_) {
        require(feed_.decimals() == 8, "feed has other decimals");
        feed = feed_;
    }

    function sign(address tenant, uint256 monthlyFrancs, uint256 monthCount) external returns (uint256 id) {
        require(tenant != address(0) && tenant != msg.sender, "bad tenant");
        require(monthlyFrancs > 0 && monthlyFrancs <= MAX_FRANCS, "rent out of range");
        require(monthCount > 0 && monthCount <= 120, "term out of range");
        id = ++leaseCount;
        leases[id] = Lease(msg.sender, tenant, monthlyFrancs, block.timestamp, block.timestamp + monthCount * MONTH);
        emit Signed(id, msg.sender, tenant, monthlyFrancs);
    }

    /// @notice Pays the next month of a lease; change stays withdrawable.
    function payMonth(uint256 id) external payable {
        Lease storage lease = leases[id];
        require(lease.tenant == msg.sender, "not the tenant");
        require(lease.paidUntil < lease.ends, "lease is paid up");
        uint256 due = rentInWei(lease.monthlyFrancs);
        require(msg.value >= due, "too little");
        lease.paidUntil += MONTH;
        balances[lease.landlord] += due;
        // at least the rent was sent
        balances[msg.sender] += msg.value - due;
        emit RentPaid(id, due, lease.paidUntil);
    }

    function withdraw() external {
        uint256 amount = balances[msg.sender];
        require(amount > 0, "nothing to withdraw");
        balances[msg.sender] = 0;
        emit Withdrawn(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment refused");
    }

    function inArrears(uint256 id) external view returns (bool) {
        Lease storage lease = leases[id];
        return lease.paidUntil < lease.ends && block.timestamp > lease.paidUntil + 10 days;
    }

    /// @dev At most 1e6 francs times 1e26, rounded up.
    function rentInWei(uint256 francs) internal view returns (uint256) {
        uint256 price = francsPerEther();
        return (francs * 1e26 + price - 1) / price;
    }

    function francsPerEther() internal view returns (uint256) {
        (uint80 roundId, int256 answer, , uint256 updatedAt, uint80 answeredIn) = feed.latestRoundData();
        require(answeredIn >= roundId && updatedAt + MAX_AGE >= block.timestamp, "price too old");
        require(answer > 0 && answer < 1e20, "no usable price");
        return uint256(answer);
    }
}
