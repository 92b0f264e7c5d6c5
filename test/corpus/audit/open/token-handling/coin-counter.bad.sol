// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

interface IERC20 {
    function decimals() external view returns (uint8);
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

library CheckedMath {
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

/// @title Dollars of several issuers, pooled: a credit of 18 decimals is good for any of them
/// @notice The issuers' tokens (USDC, DAI and the like) return true and take no fee.
contract CoinCounter {
    using CheckedMath for uint256;

    address public immutable clerk;
    mapping(address => bool) public accepted;
    mapping(address => uint256) public unit;
    mapping(address => uint256) public credit;
    uint256 public totalCredit;

    event Accepted(address indexed token, uint256 unit);
    event PaidIn(address indexed who, address indexed token, uint256 amount, uint256 credit);
    event PaidOut(address indexed who, address indexed token, uint256 amount, uint256 credit);
    event Moved(address indexed from, address indexed to, uint256 credit);

    modifier onlyAccepted(address token) {
        require(accepted[token], "token");
        _;
    }

    constructor() {
        clerk = msg.sender;
    }

    function accept(address token) external {
        require(msg.sender == clerk, "clerk");
        require(!accepted[token], "accepted");
        uint8 decimals = IERC20(token).decimals();
        require(decimals <= 18, "decimals");
        accepted[token] = true;
        unit[token] = 10**(18 - uint256(decimals));
        emit Accepted(token, unit[token]);
    }

    function payIn(address token, uint256 amount) external onlyAccepted(token) {
        uint256 added = amount.mul(unit[token]);
        credit[msg.sender] = credit[msg.sender].add(added);
        totalCredit = totalCredit.add(added);
        emit PaidIn(msg.sender, token, amount, added);
        require(IERC20(token).transferFrom(msg.sender, address(this), amount), "transfer");
    }

    function payOut(address token, uint256 spent) external onlyAccepted(token) {
        uint256 amount = spent; // <-- token-handling
        credit[msg.sender] = credit[msg.sender].sub(spent);
        totalCredit = totalCredit.sub(spent);
        emit PaidOut(msg.sender, token, amount, spent);
        require(IERC20(token).transfer(msg.sender, amount), "transfer");
    }

    function move(address to, uint256 amount) external {
        require(to != address(0), "to");
        credit[msg.sender] = credit[msg.sender].sub(amount);
        credit[to] = credit[to].add(amount);
        emit Moved(msg.sender, to, amount);
    }
}
