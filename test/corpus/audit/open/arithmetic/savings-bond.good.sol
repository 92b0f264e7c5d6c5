// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

library Calc {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "sum too large");
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "difference below zero");
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256 c) {
        if (a == 0) return 0;
        c = a * b;
        require(c / a == b, "product too large");
    }

    function div(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b > 0, "no divisor");
        return a / b;
    }
}

/// @title Savings bond of a town's water works
/// @notice Citizens lend ether for at least a month and earn simple interest by the second.
contract SavingsBond {
    using Calc for uint256;

    struct Bond {
        uint256 principal;
        uint256 since;
    }

    uint256 public constant RATE_BPS = 350;
    uint256 public constant MIN_TERM = 30 days;
    address payable public works;
    uint256 public reserve;
    mapping(address => Bond) public bonds;

    event Bought(address indexed citizen, uint256 principal);
    event Repaid(address indexed citizen, uint256 principal, uint256 interest);
    event ReserveFunded(uint256 amount);

    constructor() public {
        works = msg.sender;
    }

    function fundReserve() external payable {
        require(msg.sender == works, "only the works");
        reserve = reserve.add(msg.value);
        emit ReserveFunded(msg.value);
    }

    function buy() external payable {
        require(msg.value >= 1 finney, "too small");
        require(bonds[msg.sender].principal == 0, "one bond each");
        bonds[msg.sender] = Bond(msg.value, block.timestamp);
        emit Bought(msg.sender, msg.value);
    }

    function redeem() external {
        Bond memory bond = bonds[msg.sender];
        require(bond.principal > 0, "no bond");
        require(block.timestamp >= bond.since.add(MIN_TERM), "too early");
        uint256 interest = interestOf(msg.sender);
        if (interest > reserve) interest = reserve;
        reserve = reserve.sub(interest);
        delete bonds[msg.sender];
        emit Repaid(msg.sender, bond.principal, interest);
        msg.sender.transfer(bond.principal.add(interest));
    }

    /// @notice Simple interest earned so far.
    function interestOf(address citizen) public view returns (uint256) {
        Bond storage bond = bonds[citizen];
        if (bond.principal == 0) return 0;
        uint256 elapsed = block.timestamp.sub(bond.since);
        uint256 bpsSeconds = RATE_BPS.mul(elapsed);
        return bond.principal.mul(bpsSeconds).div(uint256(10000).mul(365 days));
    }
}
