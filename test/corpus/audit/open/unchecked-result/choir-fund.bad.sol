// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

/**
 * @title ChoirFund
 * @dev Members propose expenses, three signers agree and the payee is paid.
 */
contract ChoirFund {
    struct Expense {
        address payable payee;
        uint256 amount;
        uint8 votes;
        bool paid;
        string purpose;
    }

    uint8 public constant NEEDED = 3;

    mapping(address => bool) public isSigner;
    uint256 public signerCount;
    uint256 public expenseCount;
    uint256 public spent;
    mapping(uint256 => Expense) public expenses;
    mapping(uint256 => mapping(address => bool)) public agreed;

    event Donated(address indexed from, uint256 amount);
    event Proposed(uint256 indexed id, address indexed payee, uint256 amount, string purpose);
    event Agreed(uint256 indexed id, address indexed signer);
    event ExpensePaid(uint256 indexed id, address indexed payee, uint256 amount);

    modifier onlySigner() {
        require(isSigner[msg.sender], "signers only");
        _;
    }

    constructor(address[] memory signers) public {
        require(signers.length >= NEEDED && signers.length <= 9, "3 to 9 signers");
        for (uint256 i = 0; i < signers.length; i++) {
            require(signers[i] != address(0) && !isSigner[signers[i]], "bad signer");
            isSigner[signers[i]] = true;
        }
        signerCount = signers.length;
    }

    function() external payable {
        emit Donated(msg.sender, msg.value);
    }

    function propose(address payable payee, uint256 amount, string calldata purpose)
        external
        onlySigner
        returns (uint256 id)
    {
        require(payee != address(0) && amount > 0, "bad expense");
        id = ++expenseCount;
        expenses[id] = Expense(payee, amount, 0, false, purpose);
        emit Proposed(id, payee, amount, purpose);
    }

    function agree(uint256 id) external onlySigner {
        Expense storage e = expenses[id];
        require(e.amount > 0 && !e.paid, "not open");
        require(!agreed[id][msg.sender], "already agreed");
        agreed[id][msg.sender] = true;
        e.votes += 1;
        emit Agreed(id, msg.sender);
        if (e.votes >= NEEDED) {
            _payExpense(id);
        }
    }

    function _payExpense(uint256 id) internal {
        Expense storage e = expenses[id];
        require(address(this).balance >= e.amount, "fund too low");
        e.paid = true;
        spent += e.amount;
        bool sent = e.payee.send(e.amount); // <-- unchecked-result
        emit ExpensePaid(id, e.payee, e.amount);
    }
}
