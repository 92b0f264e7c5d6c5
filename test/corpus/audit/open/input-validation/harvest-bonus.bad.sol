// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Ownable2Step, Ownable} from "@openzeppelin/contracts/access/Ownable2Step.sol";

/// @title Yearly bonus for pickers, booked in lists and claimed by each of them
contract HarvestBonus is Ownable2Step {
    using SafeERC20 for IERC20;

    struct Season {
        uint256 funded;
        uint256 claimed;
        uint64 closesAt;
        bool booked;
    }

    uint256 public constant MAX_LIST = 200;
    uint256 public constant MAX_OPEN = 365 days;

    IERC20 public immutable token;
    uint256 public seasonCount;
    mapping(uint256 => Season) public seasons;
    mapping(uint256 => mapping(address => uint256)) public bonusOf;

    event SeasonBooked(uint256 indexed season, uint256 total, uint64 closesAt);
    event BonusBooked(uint256 indexed season, address indexed picker, uint256 amount);
    event BonusClaimed(uint256 indexed season, address indexed picker, uint256 amount);
    event SeasonClosed(uint256 indexed season, uint256 rest);

    error BadList();
    error NoSeason();
    error NotYet();
    error NothingDue();

    constructor(IERC20 token_, address owner_) Ownable(owner_) {
        if (address(token_) == address(0)) revert BadList();
        token = token_;
    }

    /// @notice Book the bonuses of a season, the owner pays the sum at once.
    function bookSeason( // <-- input-validation
        address[] calldata pickers,
        uint256[] calldata amounts,
        uint64 openFor
    ) external onlyOwner returns (uint256 season) {
        if (pickers.length == 0 || pickers.length > MAX_LIST) revert BadList();
        if (openFor < 1 days || openFor > MAX_OPEN) revert BadList();
        season = ++seasonCount;
        uint256 total = _book(season, pickers, amounts);
        seasons[season] = Season(total, 0, uint64(block.timestamp) + openFor, true);
        emit SeasonBooked(season, total, uint64(block.timestamp) + openFor);
        token.safeTransferFrom(msg.sender, address(this), total);
    }

    function claim(uint256 season) external {
        if (!seasons[season].booked) revert NoSeason();
        uint256 amount = bonusOf[season][msg.sender];
        if (amount == 0) revert NothingDue();
        bonusOf[season][msg.sender] = 0;
        seasons[season].claimed += amount;
        emit BonusClaimed(season, msg.sender, amount);
        token.safeTransfer(msg.sender, amount);
    }

    /// @notice After the claiming time the rest goes back to the owner.
    function closeSeason(uint256 season) external onlyOwner {
        Season memory entry = seasons[season];
        if (!entry.booked) revert NoSeason();
        if (block.timestamp < entry.closesAt) revert NotYet();
        delete seasons[season];
        uint256 rest = entry.funded - entry.claimed;
        emit SeasonClosed(season, rest);
        token.safeTransfer(msg.sender, rest);
    }

    function _book(uint256 season, address[] calldata pickers, uint256[] calldata amounts) private returns (uint256 total) {
        for (uint256 i = 0; i < amounts.length; i++) {
            total += amounts[i];
        }
        for (uint256 i = 0; i < pickers.length; i++) {
            if (pickers[i] == address(0)) revert BadList();
            bonusOf[season][pickers[i]] += amounts[i];
            emit BonusBooked(season, pickers[i], amounts[i]);
        }
    }
}
