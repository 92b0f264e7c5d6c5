// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Votes that are locked into the guild, with checkpoints per block
abstract contract GuildVotes {
    struct Checkpoint {
        uint48 fromBlock;
        uint208 votes;
    }

    mapping(address => Checkpoint[]) private _history;
    Checkpoint[] private _totalHistory;

    error BlockNotMined(uint256 number);

    function votesOf(address account) public view returns (uint256) {
        return _latest(_history[account]);
    }

    function pastVotes(address account, uint256 number) public view returns (uint256) {
        return _lookUp(_history[account], number);
    }

    function pastTotal(uint256 number) public view returns (uint256) {
        return _lookUp(_totalHistory, number);
    }

    function _add(address account, uint256 amount) internal {
        _write(_history[account], _latest(_history[account]) + amount);
        _write(_totalHistory, _latest(_totalHistory) + amount);
    }

    function _remove(address account, uint256 amount) internal {
        _write(_history[account], _latest(_history[account]) - amount);
        _write(_totalHistory, _latest(_totalHistory) - amount);
    }

    function _latest(Checkpoint[] storage list) private view returns (uint256) {
        uint256 length = list.length;
        return length == 0 ? 0 : list[length - 1].votes;
    }

    function _write(Checkpoint[] storage list, uint256 votes) private {
        require(votes <= type(uint208).max, "votes");
        uint256 length = list.length;
        uint48 number = uint48(block.number);
        if (length > 0 && list[length - 1].fromBlock == number) {
            list[length - 1].votes = uint208(votes);
        } else {
            list.push(Checkpoint(number, uint208(votes)));
        }
    }

    function _lookUp(Checkpoint[] storage list, uint256 number) private view returns (uint256) {
        if (number >= block.number) revert BlockNotMined(number);
        uint256 low = 0;
        uint256 high = list.length;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (list[middle].fromBlock > number) high = middle;
            else low = middle + 1;
        }
        return low == 0 ? 0 : list[low - 1].votes;
    }
}

/// @notice Ether locked here gives votes; passed proposals run after a delay.
contract GuildGovernor is GuildVotes {
    enum State { Pending, Active, Defeated, Waiting, Ready, Expired, Done, Cancelled }

    struct Proposal {
        address proposer;
        uint48 snapshot;
        uint48 endBlock;
        uint64 readyAt;
        bool done;
        bool cancelled;
        uint256 yes;
        uint256 no;
        bytes32 actionHash;
    }

    uint256 public constant THRESHOLD = 10 ether;
    uint256 public constant QUORUM_PERCENT = 10;
    uint48 public constant VOTING_DELAY = 7200;
    uint48 public constant VOTING_BLOCKS = 36000;
    uint64 public constant EXECUTION_DELAY = 2 days;
    uint64 public constant EXECUTION_WINDOW = 14 days;

    uint256 public locked;
    uint256 public proposalCount;
    mapping(uint256 => Proposal) private _proposals;
    mapping(uint256 => mapping(address => bool)) public hasVoted;
    bool private _running;

    event Locked(address indexed account, uint256 amount);
    event Unlocked(address indexed account, uint256 amount);
    event Proposed(uint256 indexed id, address indexed proposer, address target, uint256 value, bytes data);
    event Voted(uint256 indexed id, address indexed voter, bool yes, uint256 votes);
    event Queued(uint256 indexed id, uint64 readyAt);
    event Executed(uint256 indexed id);
    event Cancelled(uint256 indexed id);

    error InState(State state);
    error Reentered();
    error CallFailed(bytes reason);

    modifier once() {
        if (_running) revert Reentered();
        _running = true;
        _;
        _running = false;
    }

    receive() external payable {}

    function lock() external payable once {
        locked += msg.value;
        _add(msg.sender, msg.value);
        emit Locked(msg.sender, msg.value);
    }

    function unlock(uint256 amount) external once {
        _remove(msg.sender, amount); // underflows when it is more than was locked
        locked -= amount;
        emit Unlocked(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "unlock failed");
    }

    function propose(address target, uint256 value, bytes calldata data) external returns (uint256 id) {
        require(pastVotes(msg.sender, block.number - 1) >= THRESHOLD, "too few votes");
        require(target != address(this), "target");
        id = ++proposalCount;
        Proposal storage p = _proposals[id];
        p.proposer = msg.sender;
        p.snapshot = uint48(block.number) + VOTING_DELAY;
        p.endBlock = p.snapshot + VOTING_BLOCKS;
        p.actionHash = keccak256(abi.encode(target, value, data));
        emit Proposed(id, msg.sender, target, value, data);
    }

    function vote(uint256 id, bool yes) external {
        State s = state(id);
        if (s != State.Active) revert InState(s);
        require(!hasVoted[id][msg.sender], "voted");
        hasVoted[id][msg.sender] = true;
        Proposal storage p = _proposals[id];
        uint256 votes = pastVotes(msg.sender, p.snapshot);
        if (yes) p.yes += votes;
        else p.no += votes;
        emit Voted(id, msg.sender, yes, votes);
    }

    function queue(uint256 id) external {
        State s = state(id);
        if (s != State.Waiting) revert InState(s);
        Proposal storage p = _proposals[id];
        require(p.readyAt == 0, "queued");
        p.readyAt = uint64(block.timestamp) + EXECUTION_DELAY;
        emit Queued(id, p.readyAt);
    }

    function execute(uint256 id, address target, uint256 value, bytes calldata data) external once {
        State s = state(id);
        if (s != State.Ready) revert InState(s);
        Proposal storage p = _proposals[id];
        require(p.actionHash == keccak256(abi.encode(target, value, data)), "other action");
        require(address(this).balance - locked >= value, "treasury too small");
        p.done = true;
        emit Executed(id);
        (bool ok, bytes memory reason) = target.call{value: value}(data);
        if (!ok) revert CallFailed(reason);
    }

    function cancel(uint256 id) external {
        Proposal storage p = _proposals[id];
        require(msg.sender == p.proposer, "proposer");
        require(!p.done && !p.cancelled, "closed");
        p.cancelled = true;
        emit Cancelled(id);
    }

    function state(uint256 id) public view returns (State) {
        Proposal storage p = _proposals[id];
        require(p.proposer != address(0), "no proposal");
        if (p.cancelled) return State.Cancelled;
        if (p.done) return State.Done;
        if (block.number <= p.snapshot) return State.Pending;
        if (block.number <= p.endBlock) return State.Active;
        if (p.yes <= p.no || p.yes * 100 < pastTotal(p.snapshot) * QUORUM_PERCENT) return State.Defeated;
        if (p.readyAt == 0 || block.timestamp < p.readyAt) return State.Waiting;
        return block.timestamp < p.readyAt + EXECUTION_WINDOW ? State.Ready : State.Expired;
    }

    function proposalInfo(uint256 id) external view returns (Proposal memory) {
        return _proposals[id];
    }
}
