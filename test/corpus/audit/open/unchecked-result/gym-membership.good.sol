// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// @dev The gym's voucher token. Returns false where there is no balance or allowance.
interface IGymVoucher {
    function transfer(address to, uint256 amount) external returns (bool);

    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @title GymMembership
/// @notice Memberships by month, paid in vouchers. A membership can be handed on once a month.
contract GymMembership {
    struct Membership {
        uint64 paidUntil;
        uint64 handedOnAt;
        uint32 visits;
    }

    uint256 public constant MONTH = 30 days;
    uint256 public constant MAX_MONTHS = 24;

    IGymVoucher public immutable voucher;
    address public immutable gym;
    uint256 public monthlyFee;
    uint256 public income;
    mapping(address => Membership) public memberships;

    event FeeChanged(uint256 fee);
    event Paid(address indexed member, uint256 months_, uint256 until);
    event HandedOn(address indexed from, address indexed to);
    event Visit(address indexed member, uint32 visits);
    event IncomeDrawn(uint256 amount);

    modifier onlyGym() {
        require(msg.sender == gym, "gym only");
        _;
    }

    constructor(IGymVoucher voucher_, uint256 fee) public {
        require(address(voucher_) != address(0), "no voucher");
        require(fee > 0, "no fee");
        voucher = voucher_;
        gym = msg.sender;
        monthlyFee = fee;
    }

    function changeFee(uint256 fee) external onlyGym {
        require(fee > 0 && fee <= 1e24, "fee");
        monthlyFee = fee;
        emit FeeChanged(fee);
    }

    /// @param maxFee protects the member from a fee raised in the meantime
    function pay(uint256 months_, uint256 maxFee) external {
        require(months_ > 0 && months_ <= MAX_MONTHS, "months");
        require(monthlyFee <= maxFee, "fee raised");
        Membership storage m = memberships[msg.sender];
        uint256 from = m.paidUntil > now ? m.paidUntil : now;
        uint256 until = from + months_ * MONTH;
        require(until <= now + MAX_MONTHS * MONTH, "too far ahead");
        uint256 cost = months_ * monthlyFee;
        m.paidUntil = uint64(until);
        income += cost;
        emit Paid(msg.sender, months_, until);
        require(voucher.transferFrom(msg.sender, address(this), cost), "vouchers missing");
    }

    function handOn(address to) external {
        require(to != address(0) && to != msg.sender, "bad receiver");
        Membership storage mine = memberships[msg.sender];
        Membership storage theirs = memberships[to];
        require(mine.paidUntil > now, "not a member");
        require(theirs.paidUntil <= now, "is a member");
        require(now >= uint256(mine.handedOnAt) + MONTH, "once a month");
        theirs.paidUntil = mine.paidUntil;
        theirs.handedOnAt = uint64(now);
        mine.paidUntil = 0;
        emit HandedOn(msg.sender, to);
    }

    function visit(address member) external onlyGym {
        Membership storage m = memberships[member];
        require(m.paidUntil > now, "not a member");
        m.visits += 1;
        emit Visit(member, m.visits);
    }

    function drawIncome() external onlyGym {
        uint256 amount = income;
        require(amount > 0, "no income");
        income = 0;
        emit IncomeDrawn(amount);
        bool moved = voucher.transfer(gym, amount);
        require(moved, "vouchers stuck");
    }
}
