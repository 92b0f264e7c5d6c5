// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC20Decimals {
    function decimals() external view returns (uint8);
}

interface IStable {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

interface ILpToken {
    function token0() external view returns (address);
    function token1() external view returns (address);
    function totalSupply() external view returns (uint256);
    function getReserves() external view returns (uint112 r0, uint112 r1, uint32 at);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

interface IFeed {
    function decimals() external view returns (uint8);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}

library Root {
    function sqrt(uint256 x) internal pure returns (uint256 y) {
        if (x == 0) return 0;
        y = x;
        uint256 z = x / 2 + 1;
        while (z < y) {
            y = z;
            z = (x / z + z) / 2;
        }
    }
}

/// @notice Values a pair share in dollars, 18 decimals. Both tokens of the pair have 18 decimals.
contract LpAppraiser {
    ILpToken public immutable lp;
    IFeed public immutable feed0;
    IFeed public immutable feed1;
    uint256 public immutable maxAge;

    constructor(ILpToken lp_, IFeed feed0_, IFeed feed1_, uint256 maxAge_) {
        require(IERC20Decimals(lp_.token0()).decimals() == 18, "token0 decimals");
        require(IERC20Decimals(lp_.token1()).decimals() == 18, "token1 decimals");
        require(feed0_.decimals() == 8 && feed1_.decimals() == 8, "feed decimals");
        require(maxAge_ > 0 && maxAge_ <= 1 days, "max age");
        lp = lp_;
        feed0 = feed0_;
        feed1 = feed1_;
        maxAge = maxAge_;
    }

    function price() external view returns (uint256) {
        uint256 supply = lp.totalSupply();
        require(supply > 0, "no supply");
        (uint112 r0, uint112 r1, ) = lp.getReserves();
        uint256 p0 = _read(feed0);
        uint256 p1 = _read(feed1);
        return (2 * Root.sqrt(uint256(r0) * r1) * Root.sqrt(p0 * p1) * 1e10) / supply;
    }

    function _read(IFeed feed) private view returns (uint256) {
        (, int256 answer, , uint256 updatedAt, ) = feed.latestRoundData();
        require(answer > 0, "bad answer");
        require(block.timestamp - updatedAt <= maxAge, "stale answer");
        return uint256(answer);
    }
}

/// @notice Fixed term loans against pair shares. No margin calls: after the term the pawn is forfeit.
contract LpPawnShop {
    struct Ticket {
        address borrower;
        uint64 dueAt;
        uint256 shares;
        uint256 repayment;
    }

    uint256 public constant LOAN_BPS = 5_000;
    uint256 public constant FEE_BPS = 150;
    uint256 public constant TERM = 30 days;

    ILpToken public immutable lp;
    IStable public immutable dollar;
    LpAppraiser public immutable appraiser;
    address public immutable lender;

    uint256 public ticketCount;
    mapping(uint256 => Ticket) public tickets;

    event Pawned(uint256 indexed id, address indexed borrower, uint256 shares, uint256 loan);
    event Redeemed(uint256 indexed id);
    event Forfeited(uint256 indexed id);
    event CapitalWithdrawn(uint256 amount);

    constructor(LpAppraiser appraiser_, IStable dollar_, address lender_) {
        require(address(dollar_) != address(0) && lender_ != address(0), "zero address");
        appraiser = appraiser_;
        lp = appraiser_.lp();
        dollar = dollar_;
        lender = lender_;
    }

    function pawn(uint256 shares, uint256 minLoan) external returns (uint256 id) {
        uint256 loan = (((appraiser.price() * shares) / 1e18) * LOAN_BPS) / 10_000;
        require(loan > 0 && loan >= minLoan, "loan too small");
        id = ++ticketCount;
        tickets[id] = Ticket(msg.sender, uint64(block.timestamp + TERM), shares, loan + (loan * FEE_BPS) / 10_000);
        emit Pawned(id, msg.sender, shares, loan);
        require(lp.transferFrom(msg.sender, address(this), shares), "pull shares");
        require(dollar.transfer(msg.sender, loan), "push loan");
    }

    function redeem(uint256 id) external {
        Ticket memory t = tickets[id];
        require(t.borrower == msg.sender, "not borrower");
        require(block.timestamp <= t.dueAt, "forfeit");
        delete tickets[id];
        emit Redeemed(id);
        require(dollar.transferFrom(msg.sender, address(this), t.repayment), "pull repayment");
        require(lp.transfer(msg.sender, t.shares), "push shares");
    }

    function forfeit(uint256 id) external {
        Ticket memory t = tickets[id];
        require(t.borrower != address(0) && block.timestamp > t.dueAt, "not due");
        delete tickets[id];
        emit Forfeited(id);
        require(lp.transfer(lender, t.shares), "push shares");
    }

    function withdrawCapital(uint256 amount) external {
        require(msg.sender == lender, "not lender");
        emit CapitalWithdrawn(amount);
        require(dollar.transfer(lender, amount), "push capital");
    }
}
