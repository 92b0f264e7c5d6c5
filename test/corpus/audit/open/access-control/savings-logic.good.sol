// SPDX-License-Identifier: MIT
pragma solidity ^0.8.22;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Savings accounts with a notice period, run behind an ERC-1967 proxy
contract SavingsLogic is Initializable, UUPSUpgradeable {
    using SafeERC20 for IERC20;

    struct Account {
        uint256 balance;
        uint256 noticed;
        uint256 readyAt;
    }

    uint256 public constant MAX_NOTICE = 30 days;

    IERC20 public asset;
    address public owner;
    uint256 public notice;
    uint256 public held;
    mapping(address => Account) public accounts;

    event Deposited(address indexed who, uint256 amount);
    event Noticed(address indexed who, uint256 amount, uint256 readyAt);
    event Withdrawn(address indexed who, uint256 amount);
    event NoticeChanged(uint256 notice);
    event OwnerChanged(address indexed previous, address indexed next);

    error NotOwner();
    error BadValue();

    constructor() {
        _disableInitializers();
    }

    function initialize(IERC20 asset_, address owner_, uint256 notice_) external initializer {
        if (address(asset_) == address(0) || owner_ == address(0)) revert BadValue();
        if (notice_ > MAX_NOTICE) revert BadValue();
        asset = asset_;
        owner = owner_;
        notice = notice_;
        emit OwnerChanged(address(0), owner_);
    }

    function deposit(uint256 amount) external {
        if (amount == 0) revert BadValue();
        accounts[msg.sender].balance += amount;
        held += amount;
        emit Deposited(msg.sender, amount);
        uint256 before = asset.balanceOf(address(this));
        asset.safeTransferFrom(msg.sender, address(this), amount);
        if (asset.balanceOf(address(this)) != before + amount) revert BadValue();
    }

    function giveNotice(uint256 amount) external {
        Account storage account = accounts[msg.sender];
        if (amount == 0 || amount > account.balance) revert BadValue();
        account.balance -= amount;
        account.noticed += amount;
        account.readyAt = block.timestamp + notice;
        emit Noticed(msg.sender, amount, account.readyAt);
    }

    function withdraw() external {
        Account storage account = accounts[msg.sender];
        uint256 amount = account.noticed;
        if (amount == 0 || block.timestamp < account.readyAt) revert BadValue();
        account.noticed = 0;
        held -= amount;
        emit Withdrawn(msg.sender, amount);
        asset.safeTransfer(msg.sender, amount);
    }

    function setNotice(uint256 next) external {
        _checkOwner();
        if (next > MAX_NOTICE) revert BadValue();
        notice = next;
        emit NoticeChanged(next);
    }

    function setOwner(address next) external {
        _checkOwner();
        if (next == address(0)) revert BadValue();
        emit OwnerChanged(owner, next);
        owner = next;
    }

    function _checkOwner() internal view {
        if (msg.sender != owner) revert NotOwner();
    }

    /// @dev a new logic has to be a contract
    function _authorizeUpgrade(address next) internal view override {
        _checkOwner();
        if (next.code.length == 0) revert BadValue();
    }
}
