// SPDX-License-Identifier: MIT
pragma solidity ^0.8.19;

interface IERC20Like {
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

abstract contract Keyed {
    address public keyHolder;
    address public heir;

    event KeyOffered(address indexed heir);
    event KeyTaken(address indexed keyHolder);

    error NoKey(address caller);

    modifier withKey() {
        if (msg.sender != keyHolder) revert NoKey(msg.sender);
        _;
    }

    constructor() {
        keyHolder = msg.sender;
    }

    function offerKey(address to) external withKey {
        heir = to;
        emit KeyOffered(to);
    }

    function takeKey() external {
        if (msg.sender != heir) revert NoKey(msg.sender);
        keyHolder = msg.sender;
        delete heir;
        emit KeyTaken(msg.sender);
    }
}

/// @title Savings of the pier's traders, with a notice period
contract PierSavings is Keyed {
    struct Account {
        uint128 balance;
        uint64 openedAt;
        uint64 noticeUntil;
    }

    uint64 public constant NOTICE = 3 days;

    IERC20Like public immutable token;
    uint256 public deposits;
    bool public takingDeposits = true;
    mapping(address => Account) public accounts;

    event Saved(address indexed trader, uint256 amount);
    event NoticeGiven(address indexed trader, uint64 until);
    event Drawn(address indexed trader, uint256 amount);
    event TakingDeposits(bool yes);

    error Closed();
    error TooMuch(uint256 amount);
    error NoticeNeeded();
    error TransferFailed();

    constructor(IERC20Like token_) {
        if (address(token_).code.length == 0) revert TransferFailed();
        token = token_;
    }

    function setTakingDeposits(bool yes) external withKey {
        takingDeposits = yes;
        emit TakingDeposits(yes);
    }

    function save(uint256 amount) external {
        if (!takingDeposits) revert Closed();
        if (amount > type(uint128).max) revert TooMuch(amount);
        Account storage account = accounts[msg.sender];
        if (account.openedAt == 0) account.openedAt = uint64(block.timestamp);
        account.balance += uint128(amount);
        deposits += amount;
        emit Saved(msg.sender, amount);
        if (!token.transferFrom(msg.sender, address(this), amount)) revert TransferFailed();
    }

    function giveNotice() external {
        uint64 until = uint64(block.timestamp) + NOTICE;
        accounts[msg.sender].noticeUntil = until;
        emit NoticeGiven(msg.sender, until);
    }

    function draw(uint256 amount) external {
        Account storage account = accounts[msg.sender];
        if (account.noticeUntil == 0 || block.timestamp < account.noticeUntil) revert NoticeNeeded();
        account.noticeUntil = 0;
       uint128 units = uint128(amount); // <-- arithmetic
        if (account.balance < units) revert TooMuch(amount);
        account.balance -= units;
        deposits -= units;
        emit Drawn(msg.sender, amount);
        if (!token.transfer(msg.sender, amount)) revert TransferFailed();
    }
}
