// SPDX-License-Identifier: MIT
pragma solidity 0.7.6;

interface IERC20 {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "add overflow");
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "sub underflow");
        return a - b;
    }
}

/// @notice Holds the margin of all traders. The engine locks and settles it, routers act for traders.
contract PerpMarginLedger {
    using SafeMath for uint256;

    IERC20 public immutable collateral;
    address public admin;
    address public pendingAdmin;
    address public engine;

    mapping(address => uint256) public margin;
    mapping(address => uint256) public locked;
    mapping(address => mapping(address => bool)) public routerApproved;

    event Deposited(address indexed account, uint256 amount);
    event Withdrawn(address indexed account, address indexed receiver, uint256 amount);
    event RouterApproval(address indexed account, address indexed router, bool approved);
    event MarginLocked(address indexed account, uint256 amount);
    event MarginUnlocked(address indexed account, uint256 amount);
    event Settled(address indexed loser, address indexed winner, uint256 amount);
    event EngineSet(address indexed engine);
    event AdminProposed(address indexed candidate);
    event AdminChanged(address indexed admin);

    modifier onlyAdmin() {
        require(msg.sender == admin, "ledger: not admin");
        _;
    }

    modifier onlyEngine() {
        require(msg.sender == engine, "ledger: not engine");
        _;
    }

    constructor(IERC20 collateral_) {
        require(address(collateral_) != address(0), "ledger: zero token");
        collateral = collateral_;
        admin = msg.sender;
    }

    function proposeAdmin(address candidate) external onlyAdmin {
        pendingAdmin = candidate;
        emit AdminProposed(candidate);
    }

    function acceptAdmin() external {
        require(msg.sender == pendingAdmin, "ledger: not pending");
        admin = msg.sender;
        pendingAdmin = address(0);
        emit AdminChanged(msg.sender);
    }

    /// @notice The engine is wired once after deployment.
    function setEngine(address engine_) external onlyAdmin {
        require(engine == address(0), "ledger: engine set");
        require(engine_ != address(0), "ledger: zero engine");
        engine = engine_;
        emit EngineSet(engine_);
    }

    function approveRouter(address router, bool approved) external {
        require(router != address(0), "ledger: zero router");
        routerApproved[msg.sender][router] = approved;
        emit RouterApproval(msg.sender, router, approved);
    }

    function deposit(uint256 amount) external {
        require(amount > 0, "ledger: zero amount");
        margin[msg.sender] = margin[msg.sender].add(amount);
        emit Deposited(msg.sender, amount);
        require(collateral.transferFrom(msg.sender, address(this), amount), "ledger: transfer in");
    }

    function freeMargin(address account) public view returns (uint256) {
        return margin[account].sub(locked[account]);
    }

    function withdraw(uint256 amount, address receiver) external {
        _withdraw(msg.sender, amount, receiver);
    }

    /// @notice Withdraw on behalf of an account through one of its routers.
    function withdrawFor(address account, uint256 amount, address receiver) external {
        require(routerApproved[account][msg.sender], "ledger: router not approved");
        _withdraw(account, amount, receiver);
    }

    function lockMargin(address account, uint256 amount) external onlyEngine {
        require(freeMargin(account) >= amount, "ledger: insufficient margin");
        locked[account] = locked[account].add(amount);
        emit MarginLocked(account, amount);
    }

    function unlockMargin(address account, uint256 amount) external onlyEngine {
        locked[account] = locked[account].sub(amount);
        emit MarginUnlocked(account, amount);
    }

    function settle(address loser, address winner, uint256 amount) external onlyEngine {
        require(winner != address(0), "ledger: zero winner");
        locked[loser] = locked[loser].sub(amount);
        margin[loser] = margin[loser].sub(amount);
        margin[winner] = margin[winner].add(amount);
        emit Settled(loser, winner, amount);
    }

    function _withdraw(address account, uint256 amount, address receiver) internal {
        require(receiver != address(0), "ledger: zero receiver");
        require(amount > 0 && freeMargin(account) >= amount, "ledger: insufficient margin");
        margin[account] = margin[account].sub(amount);
        emit Withdrawn(account, receiver, amount);
        require(collateral.transfer(receiver, amount), "ledger: transfer out");
    }
}
