// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Vesting of one token for many people, with cliff and revocation
contract LinearVesting {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    struct Plan {
        address beneficiary;
        uint64 start;
        uint32 cliff;
        uint128 amount;
        uint128 claimed;
        uint64 end;
        uint64 revokedAt;
        bool revocable;
    }

    uint64 public constant LONGEST = 3650 days;

    IERC20 public immutable token;
    address public immutable sponsor;

    uint256 public reserved;
    Plan[] private _plans;
    mapping(address => uint256[]) private _plansOf;
    mapping(uint256 => address) public handoverTo;

    event PlanMade(uint256 indexed id, address indexed beneficiary, uint128 amount);
    event Claimed(uint256 indexed id, address indexed to, uint128 amount);
    event Revoked(uint256 indexed id, uint128 returned);
    event HandoverProposed(uint256 indexed id, address indexed to);
    event HandoverTaken(uint256 indexed id, address indexed from, address indexed to);
    event SurplusTaken(uint256 amount);

    error NotSponsor();
    error NotBeneficiary();
    error BadPlan();
    error NothingToClaim();
    error NotRevocable();

    constructor(IERC20 token_, address sponsor_) {
        if (address(token_) == address(0) || sponsor_ == address(0)) revert BadPlan();
        token = token_;
        sponsor = sponsor_;
    }

    function _asSponsor() private view {
        if (msg.sender != sponsor) revert NotSponsor();
    }

    function _asBeneficiary(uint256 id) private view returns (Plan storage plan) {
        plan = _plans[id];
        if (plan.beneficiary != msg.sender) revert NotBeneficiary();
    }

    // ---------------------------------------------------------------- sponsor

    /// @notice Takes the tokens from the sponsor; counts what really arrived.
    function make(
        address beneficiary,
        uint256 amount,
        uint64 start,
        uint32 cliff,
        uint64 duration,
        bool revocable
    ) external returns (uint256 id) {
        _asSponsor();
        if (beneficiary == address(0) || amount == 0) revert BadPlan();
        if (duration == 0 || duration > LONGEST || cliff > duration) revert BadPlan();
        if (start > block.timestamp + LONGEST) revert BadPlan();

        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint128 received = (token.balanceOf(address(this)) - before).toUint128();

        id = _plans.length;
        _plans.push(
            Plan({
                beneficiary: beneficiary,
                start: start,
                cliff: cliff,
                amount: received,
                claimed: 0,
                end: start + duration,
                revokedAt: 0,
                revocable: revocable
            })
        );
        _plansOf[beneficiary].push(id);
        reserved += received;
        emit PlanMade(id, beneficiary, received);
    }

    /// @notice Stops a plan; what has vested so far stays with the beneficiary.
    function revoke(uint256 id) external {
        _asSponsor();
        Plan storage plan = _plans[id];
        if (!plan.revocable || plan.revokedAt != 0) revert NotRevocable();
        uint128 vested = _vested(plan, uint64(block.timestamp));
        uint128 back = plan.amount - vested;
        plan.amount = vested;
        plan.revokedAt = uint64(block.timestamp);
        reserved -= back;
        emit Revoked(id, back);
        token.safeTransfer(sponsor, back);
    }

    /// @notice Tokens sent here without a plan may go back to the sponsor.
    function takeSurplus() external {
        _asSponsor();
        uint256 surplus = token.balanceOf(address(this)) - reserved;
        emit SurplusTaken(surplus);
        token.safeTransfer(sponsor, surplus);
    }

    // ------------------------------------------------------------ beneficiary

    function claim(uint256 id, address to) external returns (uint128 due) {
        Plan storage plan = _asBeneficiary(id);
        if (to == address(0)) revert BadPlan();
        due = _vested(plan, uint64(block.timestamp)) - plan.claimed;
        if (due == 0) revert NothingToClaim();
        plan.claimed += due;
        reserved -= due;
        emit Claimed(id, to, due);
        token.safeTransfer(to, due);
    }

    function proposeHandover(uint256 id, address to) external {
        _asBeneficiary(id);
        handoverTo[id] = to;
        emit HandoverProposed(id, to);
    }

    function takeHandover(uint256 id) external {
        if (handoverTo[id] != msg.sender) revert NotBeneficiary();
        delete handoverTo[id];
        Plan storage plan = _plans[id];
        emit HandoverTaken(id, plan.beneficiary, msg.sender);
        plan.beneficiary = msg.sender;
        _plansOf[msg.sender].push(id);
    }

    // ------------------------------------------------------------------ views

    function claimable(uint256 id) external view returns (uint128) {
        Plan storage plan = _plans[id];
        return _vested(plan, uint64(block.timestamp)) - plan.claimed;
    }

    function planInfo(uint256 id) external view returns (Plan memory) {
        return _plans[id];
    }

    /// @dev The list may hold plans which were handed over to somebody else since.
    function planIdsOf(address account) external view returns (uint256[] memory) {
        return _plansOf[account];
    }

    function _vested(Plan storage plan, uint64 at) private view returns (uint128) {
        if (plan.revokedAt != 0) return plan.amount;
        if (at < plan.start + plan.cliff) return 0;
        if (at >= plan.end) return plan.amount;
        uint256 part = (uint256(plan.amount) * (at - plan.start)) / (plan.end - plan.start);
        return part.toUint128();
    }
}
