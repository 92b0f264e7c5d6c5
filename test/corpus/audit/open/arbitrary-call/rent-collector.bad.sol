// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Tenants approve this contract once, the rent is drawn each month
contract RentCollector {
    using SafeERC20 for IERC20;

    struct Lease {
        address tenant;
        address landlord;
        uint128 rent;
        uint64 paidUntil;
        bool ended;
    }

    uint256 public constant PERIOD = 30 days;

    IERC20 public immutable currency;
    uint256 public leaseCount;
    mapping(uint256 => Lease) public leases;
    mapping(address => uint256) public savings;

    event LeaseOffered(uint256 indexed id, address indexed landlord, address indexed tenant, uint128 rent);
    event LeaseSigned(uint256 indexed id);
    event LeaseEnded(uint256 indexed id);
    event RentDrawn(uint256 indexed id, uint256 amount);
    event Saved(address indexed tenant, uint256 amount);
    event SavingsTaken(address indexed tenant, uint256 amount);

    error NotParty();
    error WrongState();
    error ZeroValue();

    constructor(IERC20 currency_) {
        if (address(currency_) == address(0)) revert ZeroValue();
        currency = currency_;
    }

    function offer(address tenant, uint128 rent) external returns (uint256 id) {
        if (tenant == address(0) || tenant == msg.sender || rent == 0) revert ZeroValue();
        id = ++leaseCount;
        leases[id] = Lease(tenant, msg.sender, rent, 0, false);
        emit LeaseOffered(id, msg.sender, tenant, rent);
    }

    /// @notice The tenant signs, the first month is due at once.
    function sign(uint256 id) external {
        Lease storage lease = leases[id];
        if (msg.sender != lease.tenant) revert NotParty();
        if (lease.paidUntil != 0 || lease.ended) revert WrongState();
        lease.paidUntil = uint64(block.timestamp);
        emit LeaseSigned(id);
        _draw(id, lease);
    }

    /// @notice Anybody may trigger a payment that has come due.
    function draw(uint256 id) external {
        Lease storage lease = leases[id];
        if (lease.paidUntil == 0 || lease.ended) revert WrongState();
        if (block.timestamp < lease.paidUntil) revert WrongState();
        _draw(id, lease);
    }

    function end(uint256 id) external {
        Lease storage lease = leases[id];
        if (msg.sender != lease.tenant && msg.sender != lease.landlord) revert NotParty();
        if (lease.ended) revert WrongState();
        lease.ended = true;
        emit LeaseEnded(id);
    }

    /// @notice Put money aside for the months to come.
    function save(address from, uint256 amount) external {
        if (amount == 0) revert ZeroValue();
        savings[msg.sender] += amount;
        emit Saved(msg.sender, amount);
        currency.safeTransferFrom(from, address(this), amount); // <-- arbitrary-call
    }

    function takeSavings(uint256 amount) external {
        if (amount == 0) revert ZeroValue();
        savings[msg.sender] -= amount;
        emit SavingsTaken(msg.sender, amount);
        currency.safeTransfer(msg.sender, amount);
    }

    function _draw(uint256 id, Lease storage lease) private {
        lease.paidUntil += uint64(PERIOD);
        uint256 rent = lease.rent;
        address tenant = lease.tenant;
        emit RentDrawn(id, rent);
        if (savings[tenant] >= rent) {
            savings[tenant] -= rent;
            currency.safeTransfer(lease.landlord, rent);
        } else {
            currency.safeTransferFrom(tenant, lease.landlord, rent);
        }
    }
}
