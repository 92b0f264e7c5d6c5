// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// @title Weekly rental of stalls in a covered market
/// @notice The market office lists stalls, merchants rent them for whole weeks.
contract MarketStalls {
    struct Stall {
        bool listed;
        address tenant;
        uint256 weeklyRent;
        uint256 paidUntil;
    }

    address public office;
    uint256 public collected;
    uint256 public constant MAX_WEEKLY_RENT = 1000 ether;

    mapping(uint256 => Stall) private stalls;

    event StallListed(uint256 indexed stallId, uint256 weeklyRent);
    event StallRented(uint256 indexed stallId, address indexed tenant, uint256 paidUntil);
    event StallVacated(uint256 indexed stallId, address indexed tenant);
    event Collected(address indexed to, uint256 amount);

    modifier onlyOffice() {
        require(msg.sender == office, "only the office");
        _;
    }

    modifier sensibleTerm(uint256 weekCount) {
        require(weekCount > 0, "no term");
        _;
    }

    constructor() public {
        office = msg.sender;
    }

    function list(uint256 stallId, uint256 weeklyRent) external onlyOffice {
        require(weeklyRent > 0 && weeklyRent <= MAX_WEEKLY_RENT, "rent out of range");
        require(!stalls[stallId].listed, "already listed");
        stalls[stallId].listed = true;
        stalls[stallId].weeklyRent = weeklyRent;
        emit StallListed(stallId, weeklyRent);
    }

    /// @notice Rent a free stall, or extend the stall one already holds.
    function rent(uint256 stallId, uint256 weekCount) external payable sensibleTerm(weekCount) {
        Stall storage stall = stalls[stallId];
        require(stall.listed, "unknown stall");
        require(isFree(stallId) || stall.tenant == msg.sender, "stall is taken");

        uint256 due = stall.weeklyRent * weekCount; // <-- arithmetic
        require(msg.value == due, "wrong payment");

        uint256 start = isFree(stallId) ? now : stall.paidUntil;
        require(start < now + 104 weeks, "paid far ahead already");
        stall.tenant = msg.sender;
        stall.paidUntil = start + weekCount * 1 weeks; // <-- arithmetic
        emit StallRented(stallId, msg.sender, stall.paidUntil);
    }

    function vacate(uint256 stallId) external {
        Stall storage stall = stalls[stallId];
        require(stall.tenant == msg.sender, "not the tenant");
        stall.tenant = address(0);
        stall.paidUntil = 0;
        emit StallVacated(stallId, msg.sender);
    }

    function collect() external onlyOffice {
        uint256 amount = address(this).balance;
        require(amount > 0, "nothing to collect");
        collected += amount;
        emit Collected(office, amount);
        office.transfer(amount);
    }

    function isFree(uint256 stallId) public view returns (bool) {
        Stall storage stall = stalls[stallId];
        return stall.tenant == address(0) || stall.paidUntil < now;
    }

    function stallOf(uint256 stallId) external view returns (address tenant, uint256 weeklyRent, uint256 paidUntil) {
        Stall storage stall = stalls[stallId];
        return (stall.tenant, stall.weeklyRent, stall.paidUntil);
    }
}
