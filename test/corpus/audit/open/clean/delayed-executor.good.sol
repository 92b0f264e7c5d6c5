// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;
pragma abicoder v2;

/// @title Executes the operations of an organisation after a public delay
contract DelayedExecutor {
    enum Status { Unknown, Waiting, Done, Vetoed }

    struct Call {
        address target;
        uint256 value;
        bytes data;
    }

    struct Operation {
        Status status;
        uint64 readyAt;
        uint64 expiresAt;
    }

    uint256 public constant MIN_DELAY = 1 days;
    uint256 public constant MAX_DELAY = 30 days;
    uint256 public constant GRACE = 7 days;
    uint256 public constant MAX_CALLS = 10;

    uint256 public delay;
    address public proposer;
    address public vetoer;
    bool public everybodyExecutes;
    mapping(address => bool) public executors;
    mapping(bytes32 => Operation) public operations;
    bytes32 private running;

    event Scheduled(bytes32 indexed id, Call[] calls, bytes32 salt, uint64 readyAt);
    event Executed(bytes32 indexed id);
    event Vetoed(bytes32 indexed id);
    event DelayChanged(uint256 delay);
    event RolesChanged(address proposer, address vetoer, bool everybodyExecutes);
    event ExecutorSet(address indexed executor, bool active);

    modifier only(address account) {
        require(msg.sender == account, "DelayedExecutor: not allowed");
        _;
    }

    modifier onlySelf() {
        require(msg.sender == address(this) && running != bytes32(0), "DelayedExecutor: only itself");
        _;
    }

    constructor(address proposer_, address vetoer_, uint256 delay_) {
        require(delay_ >= MIN_DELAY && delay_ <= MAX_DELAY, "DelayedExecutor: delay");
        require(proposer_ != address(0) && vetoer_ != address(0), "DelayedExecutor: role");
        proposer = proposer_;
        vetoer = vetoer_;
        delay = delay_;
        emit RolesChanged(proposer_, vetoer_, false);
        emit DelayChanged(delay_);
    }

    receive() external payable {}

    // -------------------------------------------------------------- operations

    function schedule(Call[] calldata calls, bytes32 salt) external only(proposer) returns (bytes32 id) {
        require(calls.length > 0 && calls.length <= MAX_CALLS, "DelayedExecutor: calls");
        id = idOf(calls, salt);
        Operation storage op = operations[id];
        require(op.status == Status.Unknown, "DelayedExecutor: known");
        for (uint256 i = 0; i < calls.length; i++) {
            require(calls[i].target != address(0), "DelayedExecutor: target");
        }
        op.status = Status.Waiting;
        op.readyAt = uint64(block.timestamp + delay);
        op.expiresAt = uint64(block.timestamp + delay + GRACE);
        emit Scheduled(id, calls, salt, op.readyAt);
    }

    function veto(bytes32 id) external only(vetoer) {
        Operation storage op = operations[id];
        require(op.status == Status.Waiting, "DelayedExecutor: not waiting");
        op.status = Status.Vetoed;
        emit Vetoed(id);
    }

    /// @notice The calls are done in their order; if one fails nothing happens.
    function execute(Call[] calldata calls, bytes32 salt) external payable {
        require(everybodyExecutes || executors[msg.sender], "DelayedExecutor: no executor");
        require(running == bytes32(0), "DelayedExecutor: running");
        bytes32 id = idOf(calls, salt);
        Operation storage op = operations[id];
        require(op.status == Status.Waiting, "DelayedExecutor: not waiting");
        require(block.timestamp >= op.readyAt, "DelayedExecutor: too early");
        require(block.timestamp < op.expiresAt, "DelayedExecutor: expired");
        op.status = Status.Done;
        running = id;
        for (uint256 i = 0; i < calls.length; i++) {
            _perform(calls[i]);
        }
        running = bytes32(0);
        emit Executed(id);
    }

    // ------------------------------------------------ changes, by operation only

    function changeDelay(uint256 next) external onlySelf {
        require(next >= MIN_DELAY && next <= MAX_DELAY, "DelayedExecutor: delay");
        delay = next;
        emit DelayChanged(next);
    }

    function changeRoles(address proposer_, address vetoer_, bool everybody) external onlySelf {
        require(proposer_ != address(0) && vetoer_ != address(0), "DelayedExecutor: role");
        proposer = proposer_;
        vetoer = vetoer_;
        everybodyExecutes = everybody;
        emit RolesChanged(proposer_, vetoer_, everybody);
    }

    /// @dev The proposer may add executors, as they only carry out what has waited.
    function setExecutor(address executor, bool active) external {
        require(
            msg.sender == proposer || (msg.sender == address(this) && running != bytes32(0)),
            "DelayedExecutor: not allowed"
        );
        executors[executor] = active;
        emit ExecutorSet(executor, active);
    }

    // ------------------------------------------------------------------ views

    function idOf(Call[] calldata calls, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(calls, salt));
    }

    function isReady(bytes32 id) external view returns (bool) {
        Operation storage op = operations[id];
        return op.status == Status.Waiting && block.timestamp >= op.readyAt && block.timestamp < op.expiresAt;
    }

    // --------------------------------------------------------------- internals

    function _perform(Call calldata c) private {
        if (c.data.length > 0) {
            address target = c.target;
            uint256 size;
            assembly {
                size := extcodesize(target)
            }
            require(size > 0, "DelayedExecutor: no code");
        }
        (bool ok, bytes memory answer) = c.target.call{value: c.value}(c.data);
        if (!ok) {
            assembly {
                revert(add(answer, 32), mload(answer))
            }
        }
    }
}
