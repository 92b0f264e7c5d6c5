// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title RentalDeposit
/// @notice Keeps the deposit of a tenant until the lease is over. The landlord may ask for a
///         deduction, which only counts once the tenant has agreed to it.
contract RentalDeposit {
    struct Lease {
        address tenant;
        address landlord;
        uint128 deposit;
        uint128 agreedDeduction;
        uint128 askedDeduction;
        uint64 endsAt;
        bool open;
    }

    uint64 public constant MIN_TERM = 7 days;
    uint64 public constant MAX_TERM = 5 * 365 days;

    mapping(uint256 => Lease) private leases;
    mapping(address => uint256) public landlordBalance;
    uint256 public leaseCount;

    event LeaseOpened(uint256 indexed id, address indexed tenant, address indexed landlord, uint256 deposit);
    event DeductionAsked(uint256 indexed id, uint256 amount);
    event DeductionAgreed(uint256 indexed id, uint256 amount);
    event LeaseClosed(uint256 indexed id, uint256 refund, uint256 deduction);
    event LandlordPaid(address indexed landlord, uint256 amount);

    error NotParty();
    error LeaseNotOpen();
    error TooEarly();
    error BadAmount();
    error PaymentFailed();

    modifier onlyTenant(uint256 id) {
        if (leases[id].tenant != msg.sender) revert NotParty();
        _;
    }

    modifier onlyLandlord(uint256 id) {
        if (leases[id].landlord != msg.sender) revert NotParty();
        _;
    }

    function openLease(address landlord, uint64 term) external payable returns (uint256 id) {
        if (landlord == address(0) || landlord == msg.sender) revert NotParty();
        if (msg.value == 0 || msg.value > type(uint128).max) revert BadAmount();
        require(term >= MIN_TERM && term <= MAX_TERM, "term out of range");
        id = ++leaseCount;
        Lease storage lease = leases[id];
        lease.tenant = msg.sender;
        lease.landlord = landlord;
        lease.deposit = uint128(msg.value);
        lease.endsAt = uint64(block.timestamp) + term;
        lease.open = true;
        emit LeaseOpened(id, msg.sender, landlord, msg.value);
    }

    /// @notice The landlord names an amount for repairs.
    function askDeduction(uint256 id, uint128 amount) external onlyLandlord(id) {
        Lease storage lease = leases[id];
        if (!lease.open) revert LeaseNotOpen();
        if (amount > lease.deposit) revert BadAmount();
        lease.askedDeduction = amount;
        emit DeductionAsked(id, amount);
    }

    /// @param amount must repeat what was asked, so that the tenant never agrees to a changed sum
    function agreeDeduction(uint256 id, uint128 amount) external onlyTenant(id) {
        Lease storage lease = leases[id];
        if (!lease.open) revert LeaseNotOpen();
        if (amount != lease.askedDeduction) revert BadAmount();
        lease.agreedDeduction = amount;
        emit DeductionAgreed(id, amount);
    }

    function closeLease(uint256 id) external onlyTenant(id) {
        Lease storage lease = leases[id];
        if (!lease.open) revert LeaseNotOpen();
        if (block.timestamp < lease.endsAt) revert TooEarly();

        uint256 deduction = lease.agreedDeduction;
        uint256 refund = lease.deposit - deduction;
        lease.open = false;
        landlordBalance[lease.landlord] += deduction;
        emit LeaseClosed(id, refund, deduction);
        (bool ok, ) = payable(msg.sender).call{value: refund}("");
        if (!ok) revert PaymentFailed();
    }

    function withdrawLandlord() external {
        uint256 amount = landlordBalance[msg.sender];
        if (amount == 0) revert BadAmount();
        landlordBalance[msg.sender] = 0;
        emit LandlordPaid(msg.sender, amount);
        (bool ok, ) = payable(msg.sender).call{value: amount}("");
        if (!ok) revert PaymentFailed();
    }

    function leaseOf(uint256 id) external view returns (Lease memory) {
        return leases[id];
    }
}
