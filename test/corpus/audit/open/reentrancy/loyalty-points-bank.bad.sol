// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

interface IPointsToken {
    /// ERC-777 token: sender and receiver may have hooks registered.
    function transfer(address to, uint256 amount) external returns (bool);

    function transferFrom(address from, address to, uint256 amount) external returns (bool);

    function balanceOf(address who) external view returns (uint256);
}

library PointsMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "add");
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "sub");
        return a - b;
    }
}

/// @title LoyaltyPointsBank
/// @notice Customers deposit points, shops charge them by allowance. The token may keep a small
///         fee on each transfer, so the bank credits what has really arrived.
contract LoyaltyPointsBank {
    using PointsMath for uint256;

    enum Gate {
        Open,
        Shut
    }

    IPointsToken public immutable points;
    mapping(address => uint256) public creditOf;
    mapping(address => mapping(address => uint256)) public shopLimit;
    Gate private gate;

    event Deposited(address indexed customer, uint256 received);
    event Withdrawn(address indexed customer, uint256 amount);
    event LimitSet(address indexed customer, address indexed shop, uint256 limit);
    event Charged(address indexed customer, address indexed shop, uint256 amount);

    modifier throughGate() {
        require(gate == Gate.Open, "gate is shut");
        gate = Gate.Shut;
        _;
        gate = Gate.Open;
    }

    constructor(IPointsToken points_) public {
        require(address(points_) != address(0), "no token");
        points = points_;
    }

    function deposit(uint256 amount) external {
        require(amount > 0, "zero");
        uint256 before = points.balanceOf(address(this));
        require(points.transferFrom(msg.sender, address(this), amount), "pull failed"); // <-- reentrancy
        uint256 received = points.balanceOf(address(this)).sub(before);
        require(received > 0, "nothing arrived");
        creditOf[msg.sender] = creditOf[msg.sender].add(received);
        emit Deposited(msg.sender, received);
    }

    function withdraw(uint256 amount) external throughGate {
        creditOf[msg.sender] = creditOf[msg.sender].sub(amount);
        emit Withdrawn(msg.sender, amount);
        require(points.transfer(msg.sender, amount), "push failed");
    }

    function setLimit(address shop, uint256 limit) external {
        require(shop != address(0), "no shop");
        shopLimit[msg.sender][shop] = limit;
        emit LimitSet(msg.sender, shop, limit);
    }

    /// @notice A shop takes points within the limit its customer has set.
    function charge(address customer, uint256 amount) external throughGate {
        shopLimit[customer][msg.sender] = shopLimit[customer][msg.sender].sub(amount);
        creditOf[customer] = creditOf[customer].sub(amount);
        creditOf[msg.sender] = creditOf[msg.sender].add(amount);
        emit Charged(customer, msg.sender, amount);
    }
}
