// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title TeamVesting
/// @notice Linear grants with a cliff. The sponsor may end a grant; what has vested by then
///         stays with the member. The token is a plain ERC-20 that takes no fee on transfer.
contract TeamVesting {
    using SafeERC20 for IERC20;

    struct Grant {
        uint128 total;
        uint128 released;
        uint64 start;
        uint64 cliff;
        uint64 duration;
        bool ended;
    }

    IERC20 public immutable token;
    address public immutable sponsor;
    mapping(address => Grant) public grants;

    event Granted(address indexed member, uint128 total, uint64 start, uint64 cliff, uint64 duration);
    event Released(address indexed member, uint256 amount);
    event Ended(address indexed member, uint256 returned);

    modifier onlySponsor() {
        require(msg.sender == sponsor, "sponsor only");
        _;
    }

    constructor(IERC20 token_, address sponsor_) {
        require(address(token_).code.length > 0 && sponsor_ != address(0), "bad setup");
        token = token_;
        sponsor = sponsor_;
    }

    function grant(address member, uint128 total, uint64 cliff, uint64 duration) external onlySponsor {
        require(member != address(0) && total > 0, "bad grant");
        require(grants[member].total == 0, "has a grant");
        require(duration > 0 && cliff <= duration && duration <= 3650 days, "bad schedule");
        uint64 start = uint64(block.timestamp);
        grants[member] = Grant(total, 0, start, cliff, duration, false);
        emit Granted(member, total, start, cliff, duration);
        token.safeTransferFrom(msg.sender, address(this), total);
    }

    function release() external {
        Grant storage g = grants[msg.sender];
        uint256 amount = _releasable(g);
        require(amount > 0, "nothing vested");
        g.released += uint128(amount);
        emit Released(msg.sender, amount);
        token.safeTransfer(msg.sender, amount);
    }

    function end(address member) external onlySponsor {
        Grant storage g = grants[member];
        require(g.total > 0 && !g.ended, "no running grant");
        uint256 vested = _vested(g);
        uint256 rest = g.total - vested;
        g.total = uint128(vested);
        g.ended = true;
        emit Ended(member, rest);
        token.safeTransfer(sponsor, rest);
    }

    function releasable(address member) external view returns (uint256) {
        return _releasable(grants[member]);
    }

    function _releasable(Grant storage g) private view returns (uint256) {
        return _vested(g) - g.released;
    }

    function _vested(Grant storage g) private view returns (uint256) {
        if (g.ended) return g.total;
        if (block.timestamp < uint256(g.start) + g.cliff) return 0;
        uint256 elapsed = block.timestamp - g.start;
        if (elapsed >= g.duration) return g.total;
        return (uint256(g.total) * elapsed) / g.duration;
    }
}
