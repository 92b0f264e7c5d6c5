// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Margin accounts of a matching engine
/// @notice The engine reports signed results; traders move collateral in and out.
contract MarginLedger {
    using SafeERC20 for IERC20;

    struct Account {
        uint256 collateral;
        uint256 shortfall;
        uint64 lastResult;
        bool frozen;
    }

    int256 public constant MAX_RESULT = 1e30;
    IERC20 public immutable token;
    address public immutable engine;
    mapping(address => Account) private _accounts;

    event Deposited(address indexed trader, uint256 amount);
    event Withdrawn(address indexed trader, uint256 amount);
    event ResultBooked(address indexed trader, int256 result, uint256 collateral);
    event Frozen(address indexed trader, bool frozen);

    error OnlyEngine();
    error AccountFrozen();
    error OutOfRange();

    modifier onlyEngine() {
        if (msg.sender != engine) revert OnlyEngine();
        _;
    }

    constructor(IERC20 token_, address engine_) {
        if (address(token_) == address(0) || engine_ == address(0)) revert OutOfRange();
        token = token_;
        engine = engine_;
    }

    function deposit(uint256 amount) external {
        if (amount == 0 || amount > uint256(MAX_RESULT)) revert OutOfRange();
        Account storage account = _accounts[msg.sender];
        uint256 repaid = amount < account.shortfall ? amount : account.shortfall;
        account.shortfall -= repaid;
        account.collateral += amount - repaid;
        emit Deposited(msg.sender, amount);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    function withdraw(uint256 amount) external {
        Account storage account = _accounts[msg.sender];
        if (account.frozen) revert AccountFrozen();
        if (amount == 0 || amount > account.collateral) revert OutOfRange();
        account.collateral -= amount;
        emit Withdrawn(msg.sender, amount);
        token.safeTransfer(msg.sender, amount);
    }

    /// @notice Books profit and loss of matched orders, pairwise and summing up to zero.
    function bookPair(address long, address short, int256 result) external onlyEngine {
        if (result > MAX_RESULT || result < -MAX_RESULT || long == short) revert OutOfRange();
        _book(long, result);
        _book(short, -result);
    }

    function setFrozen(address trader, bool frozen) external onlyEngine {
        _accounts[trader].frozen = frozen;
        emit Frozen(trader, frozen);
    }

    function accountOf(address trader) external view returns (Account memory) {
        return _accounts[trader];
    }

    function _book(address trader, int256 result) internal {
        Account storage account = _accounts[trader];
        account.lastResult = uint64(block.timestamp);
        if (account.collateral > uint256(type(int256).max) / 2) revert OutOfRange();
        int256 next = int256(account.collateral) + result;
        account.collateral = uint256(next); // <-- arithmetic
        emit ResultBooked(trader, result, account.collateral);
    }
}
