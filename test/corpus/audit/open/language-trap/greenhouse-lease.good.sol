// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Leases of greenhouses with monthly payments
contract GreenhouseLease {
    struct Lease {
        address gardener;
        uint96 monthly;
        uint64 nextDue;
        uint32 missed;
        bool ended;
    }

    uint64 public constant MONTH = 30 days;

    address public immutable lessor;
    Lease[] private leases;
    mapping(address => uint256) public payouts;

    event LeaseSigned(uint256 indexed id, address indexed gardener, uint96 monthly);
    event MonthPaid(uint256 indexed id, uint64 nextDue);
    event LeaseEnded(uint256 indexed id);

    error NotLessor();
    error NotGardener();
    error Ended();

    constructor() {
        lessor = msg.sender;
    }

    function sign(address gardener, uint96 monthly) external returns (uint256 id) {
        if (msg.sender != lessor) revert NotLessor();
        require(gardener != address(0) && monthly > 0, "lease");
        id = leases.length;
        leases.push(Lease(gardener, monthly, uint64(block.timestamp) + MONTH, 0, false));
        emit LeaseSigned(id, gardener, monthly);
    }

    function payMonth(uint256 id) external payable {
        Lease storage lease = leases[id];
        if (lease.gardener != msg.sender) revert NotGardener();
        if (lease.ended) revert Ended();
        require(msg.value == lease.monthly, "payment");
        lease.nextDue += MONTH;
        payouts[lessor] += msg.value;
        emit MonthPaid(id, lease.nextDue);
    }

    /// @notice The lessor may end a lease whose payment is two months late.
    function end(uint256 id) external {
        if (msg.sender != lessor) revert NotLessor();
        Lease storage lease = leases[id];
        if (lease.ended) revert Ended();
        require(block.timestamp > lease.nextDue + 2 * MONTH, "not late");
        lease.ended = true;
        emit LeaseEnded(id);
    }

    function isLate(uint256 id) external view returns (bool) {
        Lease memory lease = leases[id];
        return !lease.ended && block.timestamp > lease.nextDue;
    }

    function withPenalty(uint256 id, uint96 penalty) external view returns (Lease memory) {
        Lease memory lease = leases[id];
        lease.monthly += penalty;
        return lease;
    }

    function withdraw() external {
        uint256 amount = payouts[msg.sender];
        payouts[msg.sender] = 0;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "transfer failed");
    }
}
