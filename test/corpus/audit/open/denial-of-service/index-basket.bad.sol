// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// @title IndexBasket
/// @notice A basket of up to ten tokens in set amounts per unit. Whoever brings all of them gets
///         units, whoever returns units gets all of them back. Tokens with a fee on transfer or
///         with changing balances are not put into a basket.
contract IndexBasket is Ownable2Step, ReentrancyGuard {
    using SafeERC20 for IERC20;

    struct Part {
        IERC20 token;
        uint256 perUnit;
    }

    uint256 public constant MAX_PARTS = 10;

    Part[] public parts;
    bool public composed;
    mapping(address => uint256) public units;
    mapping(address => mapping(address => uint256)) public leftover;
    uint256 public totalUnits;

    event PartAdded(address indexed token, uint256 perUnit);
    event Composed(uint256 parts);
    event Joined(address indexed user, uint256 units);
    event Left(address indexed user, uint256 units);
    event LeftoverDrawn(address indexed user, address indexed token, uint256 amount);

    constructor(address initialOwner) Ownable(initialOwner) {}

    function addPart(IERC20 token, uint256 perUnit) external onlyOwner {
        require(!composed, "already composed");
        require(address(token).code.length > 0 && perUnit > 0, "bad part");
        require(parts.length < MAX_PARTS, "basket is full");
        parts.push(Part(token, perUnit));
        emit PartAdded(address(token), perUnit);
    }

    function compose() external onlyOwner {
        require(parts.length > 1, "too few parts");
        composed = true;
        emit Composed(parts.length);
    }

    function join(uint256 count) external nonReentrant {
        require(composed && count > 0, "cannot join");
        units[msg.sender] += count;
        totalUnits += count;
        emit Joined(msg.sender, count);
        uint256 n = parts.length;
        for (uint256 i = 0; i < n; i++) {
            parts[i].token.safeTransferFrom(msg.sender, address(this), parts[i].perUnit * count);
        }
    }

    /// @notice Return units for the tokens behind them.
    function leave(uint256 count) external nonReentrant {
        require(count > 0, "zero units");
        units[msg.sender] -= count;
        totalUnits -= count;
        emit Left(msg.sender, count);
        uint256 n = parts.length;
        for (uint256 i = 0; i < n; i++) {
            uint256 amount = parts[i].perUnit * count;
            parts[i].token.safeTransfer(msg.sender, amount); // <-- denial-of-service
        }
    }

    function drawLeftover(IERC20 token) external nonReentrant {
        uint256 amount = leftover[msg.sender][address(token)];
        require(amount > 0, "nothing left over");
        leftover[msg.sender][address(token)] = 0;
        emit LeftoverDrawn(msg.sender, address(token), amount);
        token.safeTransfer(msg.sender, amount);
    }

    function partCount() external view returns (uint256) {
        return parts.length;
    }
}
