// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Timetable of proposals
abstract contract Timetable {
    struct Times {
        uint256 opens;
        uint256 closes;
    }

    /// @dev A week to vote, and two days of notice beforehand.
    uint256 public constant VOTING_PERIOD = 7 days;
    uint256 public constant NOTICE_PERIOD = 2 days;
    mapping(uint256 => Times) internal _times;

    function _schedule(uint256 id) internal {
        uint256 opens = block.timestamp + NOTICE_PERIOD;
        _times[id] = Times(opens, opens + VOTING_PERIOD);
    }

    function isOpen(uint256 id) public view returns (bool) {
        Times storage t = _times[id];
        return t.closes != 0 && block.timestamp >= t.opens && block.timestamp < t.closes;
    }

    function isOver(uint256 id) public view returns (bool) {
        Times storage t = _times[id];
        return t.closes != 0 && block.timestamp >= t.closes;
    }
}

/// @title Assembly of a sailing club: one member, one vote
contract ClubAssembly is Timetable {
    struct Proposal {
        address payable payee;
        uint256 amount;
        uint256 yes;
        uint256 no;
        bool executed;
        bytes32 text;
    }

    address public immutable secretary;
    uint256 public memberCount;
    uint256 public proposalCount;
    mapping(address => bool) public isMember;
    mapping(uint256 => Proposal) public proposals;
    mapping(uint256 => mapping(address => bool)) public hasVoted;

    event Joined(address indexed member);
    event Proposed(uint256 indexed id, address indexed payee, uint256 amount);
    event Voted(uint256 indexed id, address indexed member, bool inFavour);
    event Executed(uint256 indexed id);

    modifier onlyMember() {
        require(isMember[msg.sender], "only members");
        _;
    }

    constructor() {
        secretary = msg.sender;
    }

    receive() external payable {}

    function admit(address member) external {
        require(msg.sender == secretary, "only the secretary");
        require(member != address(0) && !isMember[member], "bad member");
        isMember[member] = true;
        memberCount += 1;
        emit Joined(member);
    }

    function propose(address payable payee, uint256 amount, bytes32 text) external onlyMember returns (uint256 id) {
        require(payee != address(0), "no payee");
        id = ++proposalCount;
        proposals[id] = Proposal(payee, amount, 0, 0, false, text);
        _schedule(id);
        emit Proposed(id, payee, amount);
    }

    function vote(uint256 id, bool inFavour) external onlyMember {
        require(isOpen(id), "not open");
        require(!hasVoted[id][msg.sender], "already voted");
        hasVoted[id][msg.sender] = true;
        if (inFavour) proposals[id].yes += 1;
        else proposals[id].no += 1;
        emit Voted(id, msg.sender, inFavour);
    }

    function execute(uint256 id) external onlyMember {
        Proposal storage p = proposals[id];
        require(isOver(id) && !p.executed, "cannot execute");
        require(p.yes > p.no && (p.yes + p.no) * 2 >= memberCount, "not carried");
        p.executed = true;
        emit Executed(id);
        (bool ok, ) = p.payee.call{value: p.amount}("");
        require(ok, "payment refused");
    }
}
