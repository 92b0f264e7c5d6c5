// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Four year vesting of founders' tokens with a cliff of one year
/// @notice The contract runs on several chains of different pace.
contract FounderVesting {
    using SafeERC20 for IERC20;

    struct Grant {
        uint256 total;
        uint256 released;
        uint256 start;
        bool revoked;
    }

    /// @dev A year of blocks, one every twelve seconds.
    uint256 private constant ONE_YEAR = 2_628_000;
    uint256 public constant CLIFF = ONE_YEAR;
    uint256 public constant DURATION = 4 * ONE_YEAR;

    IERC20 public immutable token;
    address public immutable company;
    uint256 public reserved;
    mapping(address => Grant) public grants;

    event Granted(address indexed founder, uint256 total);
    event Released(address indexed founder, uint256 amount);
    event Revoked(address indexed founder, uint256 returned);

    modifier onlyCompany() {
        require(msg.sender == company, "only the company");
        _;
    }

    constructor(IERC20 token_) {
        require(address(token_) != address(0), "no token");
        token = token_;
        company = msg.sender;
    }

    function grant(address founder, uint256 total) external onlyCompany {
        require(founder != address(0) && total > 0, "bad grant");
        require(grants[founder].total == 0, "has a grant");
        grants[founder] = Grant(total, 0, _clock(), false);
        reserved += total;
        emit Granted(founder, total);
        token.safeTransferFrom(msg.sender, address(this), total);
    }

    function release() external {
        Grant storage g = grants[msg.sender];
        uint256 amount = vestedOf(msg.sender) - g.released;
        require(amount > 0, "nothing vested");
        g.released += amount;
        reserved -= amount;
        emit Released(msg.sender, amount);
        token.safeTransfer(msg.sender, amount);
    }

    /// @notice A founder who leaves keeps what has vested.
    function revoke(address founder) external onlyCompany {
        Grant storage g = grants[founder];
        require(g.total > 0 && !g.revoked, "no open grant");
        uint256 kept = vestedOf(founder);
        uint256 back = g.total - kept;
        g.total = kept;
        g.revoked = true;
        reserved -= back;
        emit Revoked(founder, back);
        token.safeTransfer(company, back);
    }

    function vestedOf(address founder) public view returns (uint256) {
        Grant storage g = grants[founder];
        if (g.revoked) return g.total;
        uint256 passed = _clock() - g.start;
        if (passed < CLIFF) return 0;
        if (passed >= DURATION) return g.total;
        return (g.total * passed) / DURATION;
    }

    /// @dev The clock that grants are measured by.
    function _clock() internal view returns (uint256) {
        return block.number; // <-- time
    }
}
