// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title PayrollDesk
/// @notice A company funds a period, sets the salaries of the period and every employee collects.
contract PayrollDesk {
    struct Period {
        uint256 funded;
        uint256 assigned;
        uint64 opensAt;
        bool sealedOff;
    }

    address public immutable company;
    address public bookkeeper;
    uint256 public periodCount;
    mapping(uint256 => Period) public periods;
    mapping(uint256 => mapping(address => uint256)) public salaryOf;

    event BookkeeperChanged(address indexed bookkeeper);
    event PeriodOpened(uint256 indexed period, uint256 funded, uint64 opensAt);
    event SalarySet(uint256 indexed period, address indexed employee, uint256 amount);
    event PeriodSealed(uint256 indexed period, uint256 unassigned);
    event SalaryPaid(uint256 indexed period, address indexed employee, uint256 amount);

    error OnlyCompany();
    error OnlyBookkeeper();
    error Sealed();
    error NotSealed();
    error NothingDue();
    error PaymentFailed();

    modifier onlyCompany() {
        if (msg.sender != company) revert OnlyCompany();
        _;
    }

    modifier onlyBookkeeper() {
        if (msg.sender != bookkeeper) revert OnlyBookkeeper();
        _;
    }

    constructor(address bookkeeper_) {
        require(bookkeeper_ != address(0), "no bookkeeper");
        company = msg.sender;
        bookkeeper = bookkeeper_;
    }

    function changeBookkeeper(address next) external onlyCompany {
        require(next != address(0), "no bookkeeper");
        bookkeeper = next;
        emit BookkeeperChanged(next);
    }

    function openPeriod(uint64 opensAt) external payable onlyCompany returns (uint256 period) {
        require(msg.value > 0, "no funds");
        period = ++periodCount;
        periods[period] = Period(msg.value, 0, opensAt, false);
        emit PeriodOpened(period, msg.value, opensAt);
    }

    function setSalary(uint256 period, address employee, uint256 amount) external onlyBookkeeper {
        Period storage p = periods[period];
        if (p.sealedOff) revert Sealed();
        require(employee != address(0), "no employee");
        p.assigned = p.assigned - salaryOf[period][employee] + amount;
        require(p.assigned <= p.funded, "over budget");
        salaryOf[period][employee] = amount;
        emit SalarySet(period, employee, amount);
    }

    /// @notice Ends the assignment of salaries; what nobody has been given goes back.
    function seal(uint256 period) external onlyBookkeeper {
        Period storage p = periods[period];
        if (p.sealedOff) revert Sealed();
        require(p.funded > 0, "no such period");
        p.sealedOff = true;
        uint256 unassigned = p.funded - p.assigned;
        emit PeriodSealed(period, unassigned);
        if (unassigned > 0) {
            (bool ok, ) = payable(company).call{value: unassigned}("");
            if (!ok) revert PaymentFailed();
        }
    }

    function collect(uint256 period) external {
        Period storage p = periods[period];
        if (!p.sealedOff || block.timestamp < p.opensAt) revert NotSealed();
        uint256 amount = salaryOf[period][msg.sender];
        if (amount == 0) revert NothingDue();
        salaryOf[period][msg.sender] = 0;
        emit SalaryPaid(period, msg.sender, amount);
        (bool ok, ) = payable(msg.sender).call{value: amount}("");
        if (!ok) revert PaymentFailed();
    }
}
