// SPDX-License-Identifier: MIT
pragma solidity 0.7.6;

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "add");
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "sub");
        return a - b;
    }
}

/// @notice Pooled stake. Members ask for their exit and are paid in order as ether comes back
/// from the validators.
contract ValidatorExitQueue {
    using SafeMath for uint256;

    struct Exit {
        address payable member;
        uint256 amount;
    }

    uint256 public constant MIN_EXIT = 0.1 ether;
    uint256 public constant MAX_PER_RUN = 50;
    uint256 private constant PAY_GAS = 50000;

    address payable public immutable validators;
    address public operator;
    address public pendingOperator;

    mapping(address => uint256) public stake;
    Exit[] public exits;
    uint256 public head;
    uint256 public queued;
    bool private entered;

    event Staked(address indexed member, uint256 amount);
    event ExitRequested(uint256 indexed index, address indexed member, uint256 amount);
    event ExitPaid(uint256 indexed index, address indexed member, uint256 amount);
    event Delegated(uint256 amount);
    event Returned(address indexed from, uint256 amount);
    event OperatorProposed(address indexed candidate);
    event OperatorChanged(address indexed operator);

    modifier onlyOperator() {
        require(msg.sender == operator, "not operator");
        _;
    }

    modifier nonReentrant() {
        require(!entered, "entered");
        entered = true;
        _;
        entered = false;
    }

    constructor(address payable validators_) {
        require(validators_ != address(0), "zero validators");
        validators = validators_;
        operator = msg.sender;
    }

    receive() external payable {
        emit Returned(msg.sender, msg.value);
    }

    function proposeOperator(address candidate) external onlyOperator {
        pendingOperator = candidate;
        emit OperatorProposed(candidate);
    }

    function acceptOperator() external {
        require(msg.sender == pendingOperator, "not pending");
        operator = msg.sender;
        pendingOperator = address(0);
        emit OperatorChanged(msg.sender);
    }

    function deposit() external payable {
        require(msg.value >= MIN_EXIT, "too small");
        stake[msg.sender] = stake[msg.sender].add(msg.value);
        emit Staked(msg.sender, msg.value);
    }

    function requestExit(uint256 amount) external {
        uint256 held = stake[msg.sender];
        require(amount >= MIN_EXIT || (amount > 0 && amount == held), "too small");
        stake[msg.sender] = held.sub(amount);
        queued = queued.add(amount);
        exits.push(Exit(msg.sender, amount));
        emit ExitRequested(exits.length - 1, msg.sender, amount);
    }

    /// @notice Ether that is not owed to anybody in the queue.
    function spare() public view returns (uint256) {
        uint256 balance = address(this).balance;
        uint256 owed = queued;
        return balance > owed ? balance - owed : 0;
    }

    function delegate(uint256 amount) external onlyOperator nonReentrant {
        require(amount <= spare(), "not spare");
        emit Delegated(amount);
        (bool ok, ) = validators.call{value: amount}("");
        require(ok, "delegate failed");
    }

    /// @notice Pay the exits at the head of the queue as far as the ether goes.
    function processExits(uint256 count) external nonReentrant {
        require(count <= MAX_PER_RUN, "too many");
        uint256 i = head;
        uint256 end = i.add(count);
        if (end > exits.length) end = exits.length;
        for (; i < end && address(this).balance >= exits[i].amount; i++) {
            Exit memory e = exits[i];
            delete exits[i];
            head = i + 1;
            queued = queued.sub(e.amount);
            (bool ok, ) = e.member.call{value: e.amount, gas: PAY_GAS}("");
            require(ok, "pay failed"); // <-- denial-of-service
            emit ExitPaid(i, e.member, e.amount);
        }
    }
}
