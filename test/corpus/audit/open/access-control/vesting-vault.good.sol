// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Linear vesting for a team, one grant for each person
contract VestingVault {
    using SafeERC20 for IERC20;

    struct Grant {
        uint128 total;
        uint128 released;
        uint64 start;
        uint64 duration;
    }

    IERC20 public immutable token;
    address public admin;
    address public pendingAdmin;
    uint256 public allocated;

    mapping(address => Grant) private _grants;

    event GrantAdded(address indexed who, uint256 total, uint64 start, uint64 duration);
    event Released(address indexed who, uint256 amount);
    event Swept(address indexed to, uint256 amount);
    event AdminOffered(address indexed next);
    event AdminChanged(address indexed next);

    error NotAdmin();
    error NotPending();
    error BadGrant();
    error NothingDue();
    error ZeroAddress();

    modifier onlyAdmin() {
        if (msg.sender != admin) revert NotAdmin();
        _;
    }

    constructor(IERC20 token_, address admin_) {
        if (address(token_) == address(0) || admin_ == address(0)) revert ZeroAddress();
        token = token_;
        admin = admin_;
        emit AdminChanged(admin_);
    }

    /// @notice Reserve tokens that already lie in the vault for one person.
    function addGrant(address who, uint128 total, uint64 start, uint64 duration) external onlyAdmin {
        if (who == address(0)) revert ZeroAddress();
        if (total == 0 || duration == 0 || _grants[who].total != 0) revert BadGrant();
        if (token.balanceOf(address(this)) < allocated + total) revert BadGrant();
        allocated += total;
        _grants[who] = Grant({total: total, released: 0, start: start, duration: duration});
        emit GrantAdded(who, total, start, duration);
    }

    function release() external {
        uint256 due = releasable(msg.sender);
        if (due == 0) revert NothingDue();
        _grants[msg.sender].released += uint128(due);
        allocated -= due;
        emit Released(msg.sender, due);
        token.safeTransfer(msg.sender, due);
    }

    /// @notice Take out what no grant has reserved.
    function sweepSpare(address to) external onlyAdmin {
        if (to == address(0)) revert ZeroAddress();
        uint256 spare = token.balanceOf(address(this)) - allocated;
        if (spare == 0) revert NothingDue();
        emit Swept(to, spare);
        token.safeTransfer(to, spare);
    }

    function offerAdmin(address next) external onlyAdmin {
        pendingAdmin = next;
        emit AdminOffered(next);
    }

    function acceptAdmin() external {
        if (msg.sender != pendingAdmin) revert NotPending();
        admin = msg.sender;
        pendingAdmin = address(0);
        emit AdminChanged(msg.sender);
    }

    function grantOf(address who) external view returns (Grant memory) {
        return _grants[who];
    }

    function releasable(address who) public view returns (uint256) {
        Grant memory grant = _grants[who];
        return _vested(grant, block.timestamp) - grant.released;
    }

    function _vested(Grant memory grant, uint256 at) private pure returns (uint256) {
        if (grant.total == 0 || at <= grant.start) return 0;
        uint256 passed = at - grant.start;
        if (passed >= grant.duration) return grant.total;
        return (uint256(grant.total) * passed) / grant.duration;
    }
}
