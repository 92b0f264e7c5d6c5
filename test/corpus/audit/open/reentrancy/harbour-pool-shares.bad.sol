// SPDX-License-Identifier: MIT
pragma solidity ^0.8.19;

interface IShareReader {
    function sharePrice() external view returns (uint256);
}

abstract contract Guarded {
    uint256 private _entered = 1;

    modifier nonReentrant() {
        require(_entered == 1, "entered");
        _entered = 2;
        _;
        _entered = 1;
    }
}

/// @title Pool of ether whose shares are taken as collateral by lending markets, by `sharePrice`
contract HarbourPoolShares is Guarded, IShareReader {
    uint256 private constant DEAD = 1000;

    address public immutable captain;
    uint256 public pooled;
    uint256 public totalShares;
    mapping(address => uint256) public sharesOf;
    mapping(address => uint256) public heldUntil;

    event Joined(address indexed who, uint256 amount, uint256 shares);
    event Left(address indexed who, uint256 amount, uint256 shares);
    event Earned(uint256 amount);
    event Moved(address indexed from, address indexed to, uint256 shares);

    error Slippage();
    error NotEnough();
    error Held();

    constructor() payable {
        require(msg.value >= 0.01 ether, "seed");
        captain = msg.sender;
        pooled = msg.value;
        totalShares = msg.value;
        sharesOf[address(0xdead)] = DEAD;
        sharesOf[msg.sender] = msg.value - DEAD;
    }

    function earn() external payable nonReentrant {
        require(msg.sender == captain, "captain");
        pooled += msg.value;
        emit Earned(msg.value);
    }

    function join(uint256 least) external payable nonReentrant returns (uint256 shares) {
        shares = (msg.value * totalShares) / pooled;
        if (shares == 0 || shares < least) revert Slippage();
        pooled += msg.value;
        totalShares += shares;
        sharesOf[msg.sender] += shares;
        heldUntil[msg.sender] = block.timestamp + 7 days;
        emit Joined(msg.sender, msg.value, shares);
    }

    function leave(uint256 shares, uint256 least) external nonReentrant returns (uint256 amount) {
        if (sharesOf[msg.sender] < shares) revert NotEnough();
        if (block.timestamp < heldUntil[msg.sender]) revert Held();
        amount = (shares * pooled) / totalShares;
        if (amount < least) revert Slippage();
        sharesOf[msg.sender] -= shares;
        totalShares -= shares;
        emit Left(msg.sender, amount, shares);
        (bool ok, ) = msg.sender.call{value: amount}(""); // <-- reentrancy
        require(ok, "payment");
        pooled -= amount;
    }

    function move(address to, uint256 shares) external nonReentrant {
        require(to != address(0), "to");
        if (sharesOf[msg.sender] < shares) revert NotEnough();
        if (block.timestamp < heldUntil[msg.sender]) revert Held();
        sharesOf[msg.sender] -= shares;
        sharesOf[to] += shares;
        emit Moved(msg.sender, to, shares);
    }

    function sharePrice() external view override returns (uint256) {
        return (pooled * 1e18) / totalShares;
    }

    function worthOf(address who) external view returns (uint256) {
        return (sharesOf[who] * pooled) / totalShares;
    }
}
