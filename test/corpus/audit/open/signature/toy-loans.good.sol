// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

contract Signed {
    uint256 private constant HALF = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    uint256 public chain;
    mapping(address => uint256) public nonceOf;

    constructor(uint256 chain_) public {
        require(chain_ != 0, "no chain");
        chain = chain_;
    }

    function signerOf(bytes32 inner, uint8 v, bytes32 r, bytes32 s) internal pure returns (address signer) {
        require(v == 27 || v == 28, "bad v");
        require(uint256(s) <= HALF, "bad s");
        signer = ecrecover(keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", inner)), v, r, s);
        require(signer != address(0), "bad signature");
    }
}

/// @title Toy library: deposits in coins, parents sign and the librarian sends the note in
contract ToyLoans is Signed {
    struct Loan {
        address parent;
        uint256 deposit;
        uint256 dueAt;
    }

    address public librarian;
    uint256 public earnings;
    mapping(address => uint256) public account;
    mapping(uint256 => Loan) public loans;

    event PaidIn(address indexed parent, uint256 amount);
    event PaidOut(address indexed parent, uint256 amount);
    event Lent(uint256 indexed toy, address indexed parent, uint256 deposit, uint256 dueAt);
    event Returned(uint256 indexed toy, uint256 fee);
    event Earned(uint256 amount);

    modifier onlyLibrarian() {
        require(msg.sender == librarian, "librarian only");
        _;
    }

    constructor(uint256 chain_) public Signed(chain_) {
        librarian = msg.sender;
    }

    function payIn() external payable {
        require(msg.value > 0, "nothing sent");
        account[msg.sender] += msg.value;
        emit PaidIn(msg.sender, msg.value);
    }

    function payOut(uint256 amount) external {
        require(amount > 0 && account[msg.sender] >= amount, "amount");
        account[msg.sender] -= amount;
        emit PaidOut(msg.sender, amount);
        msg.sender.transfer(amount);
    }

    /// @notice Lend a toy, the parent's note allows to set the deposit aside.
    function lend(uint256 toy, address parent, uint256 deposit, uint256 dueAt, uint8 v, bytes32 r, bytes32 s) external onlyLibrarian {
        require(loans[toy].parent == address(0), "lent out");
        require(dueAt > now && dueAt <= now + 90 days, "due date");
        require(account[parent] >= deposit, "account too small");
        bytes32 inner = loanNote(toy, parent, deposit, dueAt, nonceOf[parent]);
        require(signerOf(inner, v, r, s) == parent, "not the parent");
        nonceOf[parent] = nonceOf[parent] + 1;
        account[parent] = account[parent] - deposit;
        loans[toy] = Loan(parent, deposit, dueAt);
        emit Lent(toy, parent, deposit, dueAt);
    }

    /// @notice The toy is back; who is late loses a tenth of the deposit.
    function giveBack(uint256 toy) external onlyLibrarian {
        Loan memory loan = loans[toy];
        require(loan.parent != address(0), "not lent out");
        delete loans[toy];
        uint256 fee = now > loan.dueAt ? loan.deposit / 10 : 0;
        earnings += fee;
        account[loan.parent] += loan.deposit - fee;
        emit Returned(toy, fee);
    }

    function takeEarnings() external onlyLibrarian {
        uint256 amount = earnings;
        earnings = 0;
        emit Earned(amount);
        msg.sender.transfer(amount);
    }

    function loanNote(uint256 toy, address parent, uint256 deposit, uint256 dueAt, uint256 nonce) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), chain, toy, parent, deposit, dueAt, nonce));
    }
}
