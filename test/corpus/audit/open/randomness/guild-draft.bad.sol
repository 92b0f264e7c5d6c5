// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IRandomCoordinator {
    function requestRandomWords(uint64 subscription, uint32 count) external returns (uint256 requestId);
}

/// @title Yearly draft: one member of the guild receives the bursary
contract GuildDraft {
    struct Draft {
        uint64 closesAt;
        bool fulfilled;
        bool awarded;
        uint256 requestId;
        uint256 word;
        uint256 purse;
    }

    IRandomCoordinator public immutable coordinator;
    uint64 public immutable subscription;
    address public immutable steward;

    address[] public members;
    mapping(address => bool) public isMember;
    Draft[] public drafts;
    mapping(uint256 => uint256) private draftOfRequest;
    mapping(address => uint256) public bursaries;

    event Joined(address indexed member);
    event Requested(uint256 indexed draft, uint256 requestId);
    event Fulfilled(uint256 indexed draft, uint256 word);
    event Awarded(uint256 indexed draft, address indexed member, uint256 purse);

    error OnlySteward();
    error OnlyCoordinator();
    error WrongState();

    modifier onlySteward() {
        if (msg.sender != steward) revert OnlySteward();
        _;
    }

    constructor(IRandomCoordinator coordinator_, uint64 subscription_) {
        require(address(coordinator_) != address(0), "coordinator");
        coordinator = coordinator_;
        subscription = subscription_;
        steward = msg.sender;
    }

    function admit(address member) external onlySteward {
        if (isMember[member] || member == address(0) || _pending()) revert WrongState();
        isMember[member] = true;
        members.push(member);
        emit Joined(member);
    }

    function announce(uint64 closesAt) external payable onlySteward {
        if (closesAt <= block.timestamp || msg.value == 0 || _pending()) revert WrongState();
        drafts.push(Draft(closesAt, false, false, 0, 0, msg.value));
    }

    function requestWord(uint256 id) external onlySteward {
        Draft storage d = drafts[id];
        if (block.timestamp < d.closesAt || d.awarded || members.length == 0) revert WrongState();
        uint256 requestId = coordinator.requestRandomWords(subscription, 1); // <-- randomness
        d.requestId = requestId;
        d.fulfilled = false;
        draftOfRequest[requestId] = id;
        emit Requested(id, requestId);
    }

    function rawFulfillRandomWords(uint256 requestId, uint256[] calldata words) external {
        if (msg.sender != address(coordinator)) revert OnlyCoordinator();
        uint256 id = draftOfRequest[requestId];
        Draft storage d = drafts[id];
        if (d.requestId != requestId || d.fulfilled) return;
        d.word = words[0];
        d.fulfilled = true;
        emit Fulfilled(id, words[0]);
    }

    function award(uint256 id) external onlySteward {
        Draft storage d = drafts[id];
        if (!d.fulfilled || d.awarded) revert WrongState();
        d.awarded = true;
        address chosen = members[d.word % members.length];
        bursaries[chosen] += d.purse;
        emit Awarded(id, chosen, d.purse);
    }

    function collect() external {
        uint256 amount = bursaries[msg.sender];
        if (amount == 0) revert WrongState();
        bursaries[msg.sender] = 0;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment");
    }

    function _pending() private view returns (bool) {
        return drafts.length > 0 && !drafts[drafts.length - 1].awarded;
    }
}
