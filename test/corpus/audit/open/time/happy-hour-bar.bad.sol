// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Voucher sale of a club bar, with cheaper and dearer times
contract HappyHourBar {
    using SafeERC20 for IERC20;

    uint256 public constant FULL_PRICE = 8e6;
    uint256 public constant REDUCED_PRICE = 2e6;
    uint256 public constant PER_GUEST = 200;

    IERC20 public immutable token;
    address public immutable bar;
    bool public openForSale = true;
    mapping(address => uint256) public vouchers;
    mapping(address => uint256) public boughtBy;
    uint256 public redeemed;

    event Bought(address indexed guest, uint256 count, uint256 paid);
    event Redeemed(address indexed guest, uint256 count);
    event SaleSwitched(bool open);
    event Banked(uint256 amount);

    modifier onlyBar() {
        require(msg.sender == bar, "only the bar");
        _;
    }

    modifier whenOpen() {
        require(openForSale, "no sale now");
        _;
    }

    constructor(IERC20 token_) {
        require(address(token_) != address(0), "no token");
        token = token_;
        bar = msg.sender;
    }

    /// @notice Buys vouchers at the price of the moment, as long as it is within the guest's limit.
    function buy(uint256 count, uint256 maxTotal) external whenOpen {
        require(count > 0 && boughtBy[msg.sender] + count <= PER_GUEST, "too many");
        uint256 total = count * currentPrice();
        require(total <= maxTotal, "dearer than expected");
        boughtBy[msg.sender] += count;
        vouchers[msg.sender] += count;
        emit Bought(msg.sender, count, total);
        token.safeTransferFrom(msg.sender, address(this), total);
    }

    function redeem(address guest, uint256 count) external onlyBar {
        require(vouchers[guest] >= count, "not enough vouchers");
        vouchers[guest] -= count;
        redeemed += count;
        emit Redeemed(guest, count);
    }

    function switchSale(bool open) external onlyBar {
        openForSale = open;
        emit SaleSwitched(open);
    }

    function bank() external onlyBar {
        uint256 amount = token.balanceOf(address(this));
        emit Banked(amount);
        token.safeTransfer(bar, amount);
    }

    /// @notice Price of one voucher right now.
    function currentPrice() public view returns (uint256) {
        return _isHappy() ? REDUCED_PRICE : FULL_PRICE;
    }

    /// @dev The lucky seconds come round every minute.
    function _isHappy() internal view returns (bool) {
        return block.timestamp % 60 < 4; // <-- time
    }
}
