// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// Rent and deposit of one cottage.
contract CottageTenancy {
    enum Phase { Offered, Let, Ended }

    address public landlord;
    address public tenant;
    uint256 public deposit;
    uint256 public rent;
    uint256 public leaseEnd;
    uint256 public rentPaid;
    Phase public phase;

    event Let(address indexed tenant, uint256 leaseEnd);
    event RentPaid(uint256 month, uint256 amount);
    event DepositReturned(uint256 amount);

    modifier only(address who) {
        require(msg.sender == who, "not allowed");
        _;
    }

    modifier during(Phase wanted) {
        require(phase == wanted, "wrong phase");
        _;
    }

    constructor(uint256 _rent, uint256 _deposit) public {
        require(_rent > 0 && _deposit > 0, "amounts");
        landlord = msg.sender;
        rent = _rent;
        deposit = _deposit;
    }

    function sign(uint256 months) external payable during(Phase.Offered) {
        require(msg.value == deposit, "deposit");
        require(months > 0 && months <= 60, "months");
        tenant = msg.sender;
        leaseEnd = now + months * 30 days;
        phase = Phase.Let;
        emit Let(msg.sender, leaseEnd);
    }

    function payRent() external payable only(tenant) during(Phase.Let) {
        require(msg.value == rent, "rent");
        rentPaid += 1;
        emit RentPaid(rentPaid, msg.value);
        landlord.transfer(msg.value);
    }

    function returnDeposit() external during(Phase.Let) {
        require(msg.sender == landlord || msg.sender == tenant, "not allowed");
        require(now >= leaseEnd, "lease runs");
        phase = Phase.Ended;
        emit DepositReturned(deposit);
        tenant.transfer(deposit);
    }

    /// Clears away the contract long after the lease.
    function clearAway() external {
        require(msg.sender == landlord || now > leaseEnd + 90 days, "too early");
        suicide(msg.sender); // <-- selfdestruct-and-locked-ether
    }
}
