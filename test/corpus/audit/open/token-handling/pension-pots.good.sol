// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// @title PensionPots
/// @notice Saves any ERC-20 for later. A pot pays out in equal monthly parts from a chosen date.
///         Tokens whose balances change without a transfer are not supported.
contract PensionPots is ReentrancyGuard {
    using SafeERC20 for IERC20;

    struct Pot {
        address owner;
        IERC20 token;
        uint64 startsAt;
        uint32 parts;
        uint32 partsPaid;
        uint256 saved;
        uint256 drawn;
    }

    uint256 public constant MONTH = 30 days;
    uint32 public constant MAX_PARTS = 480;

    mapping(uint256 => Pot) public pots;
    uint256 public potCount;

    event PotOpened(uint256 indexed id, address indexed owner, address indexed token, uint64 startsAt, uint32 parts);
    event Saved(uint256 indexed id, uint256 amount);
    event Drawn(uint256 indexed id, uint256 amount, uint32 partsPaid);

    error NotOwner();
    error AlreadyPaying();
    error NothingDue();

    modifier onlyPotOwner(uint256 id) {
        if (pots[id].owner != msg.sender) revert NotOwner();
        _;
    }

    function openPot(IERC20 token, uint64 startsAt, uint32 parts) external returns (uint256 id) {
        require(address(token).code.length > 0, "no token");
        require(startsAt > block.timestamp && startsAt < block.timestamp + 60 * 365 days, "bad start");
        require(parts > 0 && parts <= MAX_PARTS, "bad parts");
        id = ++potCount;
        pots[id] = Pot(msg.sender, token, startsAt, parts, 0, 0, 0);
        emit PotOpened(id, msg.sender, address(token), startsAt, parts);
    }

    /// @notice Anybody may add to a pot that is not paying out yet.
    function save(uint256 id, uint256 amount) external nonReentrant {
        Pot storage pot = pots[id];
        require(pot.owner != address(0) && amount > 0, "bad saving");
        if (block.timestamp >= pot.startsAt) revert AlreadyPaying();
        uint256 before = pot.token.balanceOf(address(this));
        pot.token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = pot.token.balanceOf(address(this)) - before;
        pot.saved += received;
        emit Saved(id, received);
    }

    function draw(uint256 id) external nonReentrant onlyPotOwner(id) {
        Pot storage pot = pots[id];
        uint32 due = partsDue(id);
        if (due <= pot.partsPaid) revert NothingDue();
        pot.partsPaid = due;
        uint256 entitled = (pot.saved * due) / pot.parts;
        uint256 amount = entitled - pot.drawn;
        pot.drawn = entitled;
        emit Drawn(id, amount, due);
        pot.token.safeTransfer(msg.sender, amount);
    }

    function handOver(uint256 id, address to) external onlyPotOwner(id) {
        require(to != address(0), "no owner");
        pots[id].owner = to;
    }

    function partsDue(uint256 id) public view returns (uint32) {
        Pot storage pot = pots[id];
        if (block.timestamp < pot.startsAt) return 0;
        uint256 passed = (block.timestamp - pot.startsAt) / MONTH + 1;
        return passed >= pot.parts ? pot.parts : uint32(passed);
    }
}
