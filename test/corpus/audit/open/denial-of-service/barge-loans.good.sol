// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

interface ILoanWatcher {
    function onSeized(uint256 loan, uint256 collateral) external;
}

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "add");
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "sub");
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a * b;
        require(a == 0 || c / a == b, "mul");
    }
}

/// @title Fixed loans between skippers: collateral in ether, money in one stable coin
contract BargeLoans {
    using SafeMath for uint256;

    struct Loan {
        address payable borrower;
        address payable lender;
        uint256 collateral;
        uint256 principal;
        uint256 interest;
        uint256 duration;
        uint256 dueAt;
        address watcher;
        bool closed;
    }

    IERC20 public immutable stable;
    uint256 public loanCount;
    mapping(uint256 => Loan) public loans;
    mapping(address => uint256) public etherOf;

    event Asked(uint256 indexed id, address indexed borrower, uint256 principal, uint256 interest);
    event Lent(uint256 indexed id, address indexed lender, uint256 dueAt);
    event Repaid(uint256 indexed id);
    event Seized(uint256 indexed id);
    event Told(uint256 indexed id, bool ok);

    constructor(IERC20 stable_) {
        require(address(stable_) != address(0), "stable");
        stable = stable_;
    }

    /// @param watcher a contract of the borrower's that is told when the collateral is seized, or zero
    function ask(uint256 principal, uint256 interest, uint256 duration, address watcher) external payable {
        require(msg.value > 0 && principal > 0, "amounts");
        require(duration >= 1 days && duration <= 365 days, "duration");
        uint256 id = ++loanCount;
        Loan storage loan = loans[id];
        loan.borrower = msg.sender;
        loan.collateral = msg.value;
        loan.principal = principal;
        loan.interest = interest;
        loan.duration = duration;
        loan.watcher = watcher;
        emit Asked(id, msg.sender, principal, interest);
    }

    function withdrawAsk(uint256 id) external {
        Loan storage loan = loans[id];
        require(loan.borrower == msg.sender && loan.lender == address(0) && !loan.closed, "not open");
        loan.closed = true;
        etherOf[msg.sender] = etherOf[msg.sender].add(loan.collateral);
    }

    function lend(uint256 id) external {
        Loan storage loan = loans[id];
        require(loan.borrower != address(0) && loan.lender == address(0) && !loan.closed, "not open");
        loan.lender = msg.sender;
        loan.dueAt = block.timestamp.add(loan.duration);
        emit Lent(id, msg.sender, loan.dueAt);
        require(stable.transferFrom(msg.sender, loan.borrower, loan.principal), "transfer");
    }

    function repay(uint256 id) external {
        Loan storage loan = loans[id];
        require(loan.lender != address(0) && !loan.closed, "not running");
        require(block.timestamp <= loan.dueAt, "late");
        loan.closed = true;
        etherOf[loan.borrower] = etherOf[loan.borrower].add(loan.collateral);
        emit Repaid(id);
        require(stable.transferFrom(msg.sender, loan.lender, loan.principal.add(loan.interest)), "transfer");
    }

    function seize(uint256 id) external {
        Loan storage loan = loans[id];
        require(loan.lender != address(0) && !loan.closed, "not running");
        require(block.timestamp > loan.dueAt, "not due");
        loan.closed = true;
        etherOf[loan.lender] = etherOf[loan.lender].add(loan.collateral);
        emit Seized(id);
        if (loan.watcher != address(0)) {
           bytes memory news = abi.encodeWithSelector(ILoanWatcher.onSeized.selector, id, loan.collateral);
           (bool told, ) = loan.watcher.call{gas: 50000}(news);
           emit Told(id, told);
        }
    }

    function cash() external {
        uint256 amount = etherOf[msg.sender];
        require(amount > 0, "nothing");
        etherOf[msg.sender] = 0;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment");
    }
}
