// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;
pragma experimental ABIEncoderV2;

/// @title Coupons of a shop, bundles of them are turned into coins
contract RebateCoupons {
    struct Coupon {
        address holder;
        uint128 value;
        bool spent;
    }

    address public shop;
    uint256 public couponCount;
    uint256 public reserved;
    uint256 public constant MAX_BUNDLE = 30;
    uint256 public constant MAX_VALUE = 2 ether;
    mapping(uint256 => Coupon) private _coupons;

    event Issued(uint256 indexed id, address indexed holder, uint128 value);
    event GivenOn(uint256 indexed id, address indexed from, address indexed to);
    event Redeemed(address indexed holder, uint256 count, uint256 sum);
    event Supplied(uint256 amount);

    modifier onlyShop() {
        require(msg.sender == shop, "shop only");
        _;
    }

    constructor() public payable {
        shop = msg.sender;
    }

    function supply() external payable onlyShop {
        emit Supplied(msg.value);
    }

    function issue(address holder, uint128 value) external onlyShop returns (uint256 id) {
        require(holder != address(0), "no holder");
        require(value > 0 && value <= MAX_VALUE, "value");
        require(reserved + value <= address(this).balance, "not covered");
        reserved = reserved + value;
        couponCount = couponCount + 1;
        id = couponCount;
        _coupons[id] = Coupon(holder, value, false);
        emit Issued(id, holder, value);
    }

    function giveOn(uint256 id, address to) external {
        Coupon storage coupon = _coupons[id];
        require(coupon.holder == msg.sender && !coupon.spent, "not yours");
        require(to != address(0) && to != msg.sender, "no receiver");
        coupon.holder = to;
        emit GivenOn(id, msg.sender, to);
    }

    /// @notice Turn a bundle of coupons into coins.
    function redeem(uint256[] calldata ids) external { // <-- input-validation
        require(ids.length > 0 && ids.length <= MAX_BUNDLE, "bundle size");
        uint256 sum = _worth(ids, msg.sender);
        for (uint256 i = 0; i < ids.length; i++) {
            _coupons[ids[i]].spent = true;
        }
        require(sum <= reserved, "not covered");
        reserved = reserved - sum;
        emit Redeemed(msg.sender, ids.length, sum);
        (bool ok, ) = msg.sender.call{value: sum}("");
        require(ok, "payment failed");
    }

    /// @notice What the shop may take back, coupons stay covered.
    function withdrawSpare(address payable to) external onlyShop {
        require(to != address(0), "no receiver");
        uint256 spare = address(this).balance - reserved;
        require(spare > 0, "nothing spare");
        (bool ok, ) = to.call{value: spare}("");
        require(ok, "payment failed");
    }

    function couponOf(uint256 id) external view returns (Coupon memory) {
        require(id > 0 && id <= couponCount, "no such coupon");
        return _coupons[id];
    }

    function _worth(uint256[] calldata ids, address holder) private view returns (uint256 sum) {
        for (uint256 i = 0; i < ids.length; i++) {
            Coupon storage coupon = _coupons[ids[i]];
            require(coupon.holder == holder && !coupon.spent, "coupon refused");
            sum = sum + coupon.value;
        }
    }
}
