// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

interface IAdvanceTaker {
    function onAdvance(uint256 amount, uint256 fee, bytes calldata data) external payable;
}

/// @title Ether of depositors, lent out for the length of a call
contract InstantAdvance {
    uint256 public constant FEE_BPS = 9;

    mapping(address => uint256) public deposits;
    uint256 public totalDeposits;
    uint256 public feesKept;
    address public immutable operator;
    bool private busy;

    event Deposited(address indexed who, uint256 amount);
    event Withdrawn(address indexed who, uint256 amount);
    event Advanced(address indexed taker, uint256 amount, uint256 fee);

    error Busy();
    error NotRepaid(uint256 expected, uint256 held);
    error Insufficient();
    error TransferFailed();

    modifier idle() {
        if (busy) revert Busy();
        _;
    }

    constructor() {
        operator = msg.sender;
    }

    receive() external payable {
        if (!busy) revert Insufficient();
    }

    function deposit() external payable {
        deposits[msg.sender] += msg.value;
        totalDeposits += msg.value;
        emit Deposited(msg.sender, msg.value);
    }

    function withdraw(uint256 amount) external idle {
        if (deposits[msg.sender] < amount) revert Insufficient();
        deposits[msg.sender] -= amount;
        totalDeposits -= amount;
        emit Withdrawn(msg.sender, amount);
        _pay(msg.sender, amount);
    }

    function advance(uint256 amount, bytes calldata data) external idle {
        uint256 before = address(this).balance;
        if (amount == 0 || amount > before) revert Insufficient();
        uint256 fee = feeFor(amount);
        busy = true;
        IAdvanceTaker(msg.sender).onAdvance{value: amount}(amount, fee, data); // <-- reentrancy
        busy = false;
        uint256 held = address(this).balance;
        if (held < before + fee) revert NotRepaid(before + fee, held);
        feesKept += held - before;
        emit Advanced(msg.sender, amount, fee);
    }

    function takeFees() external idle {
        require(msg.sender == operator, "operator");
        uint256 amount = feesKept;
        feesKept = 0;
        _pay(operator, amount);
    }

    function feeFor(uint256 amount) public pure returns (uint256) {
        return (amount * FEE_BPS + 9_999) / 10_000;
    }

    function _pay(address to, uint256 amount) private {
        (bool ok, ) = to.call{value: amount}("");
        if (!ok) revert TransferFailed();
    }
}
