// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// @title CreditLineDesk
/// @notice Collateral in listed tokens gives a credit line in US dollars (18 decimals), which the
///         bank serves off chain and books here. Prices come from the bank's risk team.
contract CreditLineDesk is ReentrancyGuard {
    using SafeERC20 for IERC20;

    struct Listing {
        uint256 unit;
        uint128 price;
        uint64 pricedAt;
        uint16 ratioBps;
    }

    struct Line {
        uint256 collateral;
        uint256 used;
    }

    uint64 public constant MAX_AGE = 1 hours;
    uint256 private constant BPS = 10_000;

    address public immutable bank;
    address public immutable risk;
    mapping(address => Listing) public listings;
    mapping(address => mapping(address => Line)) public lines;

    event Listed(address indexed token, uint16 ratioBps);
    event Priced(address indexed token, uint128 price);
    event Pledged(address indexed user, address indexed token, uint256 amount);
    event Freed(address indexed user, address indexed token, uint256 amount);
    event Booked(address indexed user, address indexed token, uint256 used);

    modifier onlyRisk() {
        require(msg.sender == risk, "risk only");
        _;
    }

    constructor(address bank_, address risk_) {
        require(bank_ != address(0) && risk_ != address(0), "bad setup");
        bank = bank_;
        risk = risk_;
    }

    function list(address token, uint16 ratioBps) external onlyRisk {
        require(listings[token].unit == 0, "already listed");
        require(ratioBps > 0 && ratioBps <= 9_000, "bad ratio");
        uint8 decimals = IERC20Metadata(token).decimals();
        require(decimals > 0 && decimals <= 36, "odd token");
        listings[token] = Listing(10 ** uint256(decimals), 0, 0, ratioBps);
        emit Listed(token, ratioBps);
    }

    /// @param price dollars for one whole token, 18 decimals
    function setPrice(address token, uint128 price) external onlyRisk {
        Listing storage l = listings[token];
        require(l.unit != 0 && price > 0, "not listed");
        l.price = price;
        l.pricedAt = uint64(block.timestamp);
        emit Priced(token, price);
    }

    function pledge(address token, uint256 amount) external nonReentrant {
        require(listings[token].unit != 0, "not listed");
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        lines[msg.sender][token].collateral += received;
        emit Pledged(msg.sender, token, received);
    }

    function free(address token, uint256 amount) external nonReentrant {
        Line storage line = lines[msg.sender][token];
        line.collateral -= amount;
        require(line.used == 0 || line.used <= limitOf(msg.sender, token), "line in use");
        emit Freed(msg.sender, token, amount);
        IERC20(token).safeTransfer(msg.sender, amount);
    }

    /// @notice The bank books what a customer has drawn in all.
    function book(address user, address token, uint256 used) external {
        require(msg.sender == bank, "bank only");
        Line storage line = lines[user][token];
        require(used <= line.used || used <= limitOf(user, token), "over the limit");
        line.used = used;
        emit Booked(user, token, used);
    }

    function limitOf(address user, address token) public view returns (uint256) {
        Listing storage l = listings[token];
        require(block.timestamp <= l.pricedAt + MAX_AGE, "old price");
        return (_worth(l, lines[user][token].collateral) * l.ratioBps) / BPS;
    }

    function _worth(Listing storage l, uint256 amount) private view returns (uint256) {
        return (amount * l.price) / l.unit;
    }
}
