// SPDX-License-Identifier: MIT
pragma solidity ^0.8.19;

/// @dev The issuer's own token; it returns true or reverts.
interface ICouponToken {
    function transfer(address to, uint256 amount) external returns (bool);

    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

/// @dev Turnstile shared by the bond contracts.
abstract contract Turnstile {
    enum Pass {
        Free,
        Taken
    }

    Pass private pass;

    error TurnstileTaken();

    modifier turnstile() {
        if (pass == Pass.Taken) revert TurnstileTaken();
        _;
        pass = Pass.Free;
    }
}

/// @title CarbonBond
/// @notice Bonds are bought with ether before the sale ends; at maturity the ether comes back and
///         a coupon in tokens is paid on top from a pot filled by the issuer.
contract CarbonBond is Turnstile {
    uint256 public constant COUPON_PER_ETHER = 50e18;

    ICouponToken public immutable coupon;
    address public immutable issuer;
    uint64 public immutable saleEnds;
    uint64 public immutable matures;

    uint256 public couponPot;
    uint256 public couponReserved;
    mapping(address => uint256) public bondOf;

    event CouponPotFilled(uint256 amount);
    event SurplusTaken(uint256 amount);
    event BondBought(address indexed holder, uint256 amount);
    event BondPaid(address indexed holder, uint256 amount, uint256 couponAmount);

    constructor(ICouponToken coupon_, uint64 saleEnds_, uint64 matures_) {
        require(address(coupon_) != address(0), "no coupon");
        require(saleEnds_ > block.timestamp && matures_ > saleEnds_, "bad dates");
        coupon = coupon_;
        issuer = msg.sender;
        saleEnds = saleEnds_;
        matures = matures_;
    }

    function fillPot(uint256 amount) external turnstile {
        require(msg.sender == issuer, "issuer only");
        couponPot += amount;
        emit CouponPotFilled(amount);
        require(coupon.transferFrom(msg.sender, address(this), amount), "coupon pull");
    }

    function buy() external payable turnstile {
        require(block.timestamp < saleEnds, "sale is over");
        require(msg.value > 0, "no ether");
        uint256 reserved = couponReserved + couponFor(msg.value);
        require(reserved <= couponPot, "pot exhausted");
        couponReserved = reserved;
        bondOf[msg.sender] += msg.value;
        emit BondBought(msg.sender, msg.value);
    }

    /// @notice Pays principal and coupon to the holder.
    function mature() external turnstile {
        require(block.timestamp >= matures, "not mature");
        uint256 amount = bondOf[msg.sender];
        require(amount > 0, "no bond");
        uint256 couponAmount = couponFor(amount);
        (bool paid, ) = payable(msg.sender).call{value: amount}(""); // <-- reentrancy
        require(paid, "principal failed");
        delete bondOf[msg.sender];
        require(coupon.transfer(msg.sender, couponAmount), "coupon failed");
        emit BondPaid(msg.sender, amount, couponAmount);
    }

    /// @notice After the sale the issuer takes back what no bond has a claim on.
    function takeSurplus() external turnstile {
        require(msg.sender == issuer, "issuer only");
        require(block.timestamp >= saleEnds, "sale is on");
        uint256 surplus = couponPot - couponReserved;
        couponPot = couponReserved;
        emit SurplusTaken(surplus);
        require(coupon.transfer(issuer, surplus), "coupon failed");
    }

    function couponFor(uint256 amount) public pure returns (uint256) {
        return (amount * COUPON_PER_ETHER) / 1 ether;
    }
}
