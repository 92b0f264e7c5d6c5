// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

interface IToken {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @title Interest index shared by the lending contracts of the harbour bank
contract InterestIndex {
    uint256 internal constant ONE = 1e18;
    uint256 public constant YEARLY_RATE = 0.08e18;
    uint256 private constant UNITS_PER_YEAR = 2102400;

    uint256 public index = ONE;
    uint256 public lastUnit;

    event IndexMoved(uint256 index);

    constructor() {
        lastUnit = _unit();
    }

    /// @notice Adds the interest since the last call to the index.
    function accrue() public {
        uint256 unit = _unit();
        uint256 passed = unit - lastUnit;
        if (passed == 0) return;
        lastUnit = unit;
        // below 2**128 for thousands of years
        index += (index * YEARLY_RATE * passed) / (UNITS_PER_YEAR * ONE);
        require(index < 2 ** 128, "index too large");
        emit IndexMoved(index);
    }

    /// @dev Interest is earned per unit.
    function _unit() internal view returns (uint256) {
        return block.number; // <-- time
    }
}

/// @title Loans to shipowners against a guarantee given by the bank
contract HarbourLoans is InterestIndex {
    struct Loan {
        uint256 scaled;
        uint256 limit;
    }

    IToken public immutable token;
    address public immutable bank;
    mapping(address => Loan) public loans;

    event LimitSet(address indexed owner, uint256 limit);
    event Borrowed(address indexed owner, uint256 amount);
    event Repaid(address indexed owner, uint256 amount);

    constructor(IToken token_) {
        require(address(token_) != address(0), "no token");
        token = token_;
        bank = msg.sender;
    }

    function setLimit(address owner, uint256 limit) external {
        require(msg.sender == bank, "only the bank");
        require(owner != address(0) && limit < 2 ** 100, "bad limit");
        loans[owner].limit = limit;
        emit LimitSet(owner, limit);
    }

    function borrow(uint256 amount) external {
        require(amount > 0 && amount < 2 ** 100, "amount out of range");
        accrue();
        Loan storage loan = loans[msg.sender];
        loan.scaled += (amount * ONE) / index + 1;
        require(_debt(loan.scaled) <= loan.limit, "limit exceeded");
        emit Borrowed(msg.sender, amount);
        require(token.transfer(msg.sender, amount), "transfer failed");
    }

    function repay(uint256 amount) external {
        require(amount > 0 && amount < 2 ** 100, "amount out of range");
        accrue();
        Loan storage loan = loans[msg.sender];
        uint256 debt = _debt(loan.scaled);
        uint256 paid = amount < debt ? amount : debt;
        uint256 scaledPaid = paid == debt ? loan.scaled : (paid * ONE) / index;
        require(scaledPaid <= loan.scaled, "more than owed");
        loan.scaled -= scaledPaid;
        emit Repaid(msg.sender, paid);
        require(token.transferFrom(msg.sender, bank, paid), "transfer failed");
    }

    function debtOf(address owner) external view returns (uint256) {
        return _debt(loans[owner].scaled);
    }

    /// @dev Scaled debts stay below 2**101, the index below 2**128; rounded up.
    function _debt(uint256 scaled) internal view returns (uint256) {
        require(scaled < 2 ** 120, "debt too large");
        return (scaled * index + ONE - 1) / ONE;
    }
}
