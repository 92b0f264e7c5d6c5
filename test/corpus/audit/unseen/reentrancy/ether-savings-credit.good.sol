// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IWETH {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

interface IEtherSavings {
    function encumber(address account, uint256 amount) external;
    function disencumber(address account, uint256 amount) external;
}

abstract contract ReentrancyGuard {
    uint256 private constant NOT_ENTERED = 1;
    uint256 private constant ENTERED = 2;
    uint256 private _status = NOT_ENTERED;

    error ReentrantCall();

    modifier nonReentrant() {
        if (_status == ENTERED) revert ReentrantCall();
        _status = ENTERED;
        _;
        _status = NOT_ENTERED;
    }
}
/// @notice Ether savings; part of a balance can be pledged to the credit desk.
contract EtherSavings is IEtherSavings, ReentrancyGuard {
    address public immutable deployer;
    address public creditDesk;
    mapping(address => uint256) public savings;
    mapping(address => uint256) public encumbered;

    event CreditDeskSet(address indexed desk);
    event Deposited(address indexed account, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);
    event Encumbered(address indexed account, uint256 amount);
    event Disencumbered(address indexed account, uint256 amount);

    error NotDeployer();
    error NotCreditDesk();
    error AlreadySet();
    error ZeroAddress();
    error InsufficientFree(uint256 available);
    error SendFailed();

    modifier onlyCreditDesk() {
        if (msg.sender != creditDesk) revert NotCreditDesk();
        _;
    }

    constructor() {
        deployer = msg.sender;
    }

    function setCreditDesk(address desk) external {
        if (msg.sender != deployer) revert NotDeployer();
        if (creditDesk != address(0)) revert AlreadySet();
        if (desk == address(0)) revert ZeroAddress();
        creditDesk = desk;
        emit CreditDeskSet(desk);
    }

    function deposit() external payable nonReentrant {
        savings[msg.sender] += msg.value;
        emit Deposited(msg.sender, msg.value);
    }

    function available(address account) public view returns (uint256) {
        return savings[account] - encumbered[account];
    }

    function withdraw(uint256 amount) external nonReentrant {
        uint256 free = available(msg.sender);
        if (amount > free) revert InsufficientFree(free);
        savings[msg.sender] -= amount;
        emit Withdrawn(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        if (!ok) revert SendFailed();
    }

    function encumber(address account, uint256 amount) external override onlyCreditDesk {
        uint256 free = available(account);
        if (amount > free) revert InsufficientFree(free);
        encumbered[account] += amount;
        emit Encumbered(account, amount);
    }

    function disencumber(address account, uint256 amount) external override onlyCreditDesk {
        encumbered[account] -= amount;
        emit Disencumbered(account, amount);
    }
}

/// @notice Lends wrapped ether of a funder against pledged savings, for a flat fee.
contract CreditDesk is ReentrancyGuard {
    uint256 public constant PLEDGE_BPS = 12_500;
    uint256 public constant FEE_BPS = 100;

    IEtherSavings public immutable savings;
    IWETH public immutable weth;
    address public immutable funder;
    mapping(address => uint256) public owed;
    mapping(address => uint256) public pledged;

    event Borrowed(address indexed account, uint256 amount, uint256 pledge);
    event Repaid(address indexed account, uint256 amount);
    event Defunded(uint256 amount);

    error HasLoan();
    error NoLoan();
    error ZeroValue();
    error NotFunder();
    error TransferFailed();

    constructor(IEtherSavings savings_, IWETH weth_, address funder_) {
        if (address(savings_) == address(0) || address(weth_) == address(0) || funder_ == address(0)) revert ZeroValue();
        savings = savings_;
        weth = weth_;
        funder = funder_;
    }

    function borrow(uint256 amount) external nonReentrant {
        if (amount == 0) revert ZeroValue();
        if (owed[msg.sender] != 0) revert HasLoan();
        uint256 pledge = (amount * PLEDGE_BPS + 9_999) / 10_000;
        owed[msg.sender] = amount + (amount * FEE_BPS) / 10_000;
        pledged[msg.sender] = pledge;
        emit Borrowed(msg.sender, amount, pledge);
        savings.encumber(msg.sender, pledge);
        if (!weth.transfer(msg.sender, amount)) revert TransferFailed();
    }

    function repay() external nonReentrant {
        uint256 due = owed[msg.sender];
        if (due == 0) revert NoLoan();
        uint256 pledge = pledged[msg.sender];
        owed[msg.sender] = 0;
        pledged[msg.sender] = 0;
        emit Repaid(msg.sender, due);
        if (!weth.transferFrom(msg.sender, address(this), due)) revert TransferFailed();
        savings.disencumber(msg.sender, pledge);
    }

    function defund(uint256 amount) external {
        if (msg.sender != funder) revert NotFunder();
        emit Defunded(amount);
        if (!weth.transfer(funder, amount)) revert TransferFailed();
    }
}
