// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

/// @title Treasury of a players' guild
/// @notice The guild master hands budgets to officers, who pay suppliers out of them.
contract GuildTreasury {
    struct Budget {
        bool active;
        uint256 left;
        uint256 spent;
    }

    address public immutable master;
    uint256 public donated;
    mapping(address => Budget) public budgets;
    uint256 private locked = 1;

    event Donated(address indexed from, uint256 amount);
    event BudgetGranted(address indexed officer, uint256 amount);
    event BudgetClosed(address indexed officer);
    event Paid(address indexed officer, address indexed supplier, uint256 amount, bytes32 note);

    modifier onlyMaster() {
        require(msg.sender == master, "only the master");
        _;
    }

    modifier onlyOfficer() {
        require(budgets[msg.sender].active, "no active budget");
        _;
    }

    modifier nonReentrant() {
        require(locked == 1, "locked");
        locked = 2;
        _;
        locked = 1;
    }

    constructor() {
        master = msg.sender;
    }

    receive() external payable {
        // the sum of all ether ever sent stays far below 2**256
        donated += msg.value;
        emit Donated(msg.sender, msg.value);
    }

    function grant(address officer, uint256 amount) external onlyMaster {
        require(officer != address(0), "no officer");
        require(amount <= address(this).balance, "more than the treasury holds");
        Budget storage budget = budgets[officer];
        budget.active = true;
        budget.left = amount;
        emit BudgetGranted(officer, amount);
    }

    function close(address officer) external onlyMaster {
        require(budgets[officer].active, "no active budget");
        budgets[officer].active = false;
        budgets[officer].left = 0;
        emit BudgetClosed(officer);
    }

    /// @notice Pays a supplier out of the caller's budget.
    function pay(address payable supplier, uint256 amount, bytes32 note) external onlyOfficer nonReentrant {
        require(supplier != address(0), "no supplier");
        require(amount > 0 && amount <= address(this).balance, "amount out of range");
        _charge(msg.sender, amount);
        emit Paid(msg.sender, supplier, amount, note);
        (bool ok, ) = supplier.call{value: amount}("");
        require(ok, "payment refused");
    }

    /// @dev Books an expense against the budget of an officer.
    function _charge(address officer, uint256 amount) internal {
        Budget storage budget = budgets[officer];
        require(budget.left >= amount, "budget exhausted");
        budget.left -= amount;
        budget.spent += amount;
    }

    function remaining(address officer) external view returns (uint256) {
        Budget storage budget = budgets[officer];
        return budget.active ? budget.left : 0;
    }
}
