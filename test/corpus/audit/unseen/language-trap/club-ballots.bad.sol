// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// @notice Votes of a sports club. A topic that has been decided can be brought
/// up again in a later meeting.
contract ClubBallots {
    uint256 public constant MIN_TIME = 2 days;
    uint256 public constant MAX_TIME = 30 days;

    struct Ballot {
        uint256 endsAt;
        uint256 ayes;
        uint256 noes;
        mapping(address => bool) voted;
    }

    address public chair;
    address public chairElect;
    uint256 public members;
    mapping(address => bool) public isMember;
    mapping(bytes32 => Ballot) private ballots;
    mapping(bytes32 => bool) public inForce;

    event ChairElect(address indexed who);
    event ChairChanged(address indexed who);
    event Joined(address indexed member);
    event Expelled(address indexed member);
    event Opened(bytes32 indexed topic, uint256 endsAt);
    event Voted(bytes32 indexed topic, address indexed member, bool aye);
    event Decided(bytes32 indexed topic, bool adopted, uint256 ayes, uint256 noes);

    modifier onlyChair() {
        require(msg.sender == chair, "chair only");
        _;
    }

    constructor() public {
        chair = msg.sender;
        _join(msg.sender);
    }

    function electChair(address who) external onlyChair {
        require(isMember[who], "not a member");
        chairElect = who;
        emit ChairElect(who);
    }

    function takeChair() external {
        require(msg.sender == chairElect, "not elected");
        chair = msg.sender;
        chairElect = address(0);
        emit ChairChanged(msg.sender);
    }

    function admit(address who) external onlyChair {
        require(who != address(0), "zero");
        _join(who);
    }

    function expel(address who) external onlyChair {
        require(isMember[who] && who != chair, "cannot expel");
        isMember[who] = false;
        members -= 1;
        emit Expelled(who);
    }

    function open(bytes32 topic, uint256 duration) external onlyChair {
        require(topic != bytes32(0), "topic");
        require(duration >= MIN_TIME && duration <= MAX_TIME, "duration");
        Ballot storage b = ballots[topic];
        require(b.endsAt == 0, "already open");
        b.endsAt = block.timestamp + duration;
        emit Opened(topic, b.endsAt);
    }

    function vote(bytes32 topic, bool aye) external {
        require(isMember[msg.sender], "members only");
        Ballot storage b = ballots[topic];
        require(block.timestamp < b.endsAt, "not open");
        require(!b.voted[msg.sender], "voted already");
        b.voted[msg.sender] = true;
        if (aye) {
            b.ayes += 1;
        } else {
            b.noes += 1;
        }
        emit Voted(topic, msg.sender, aye);
    }

    function close(bytes32 topic) external {
        Ballot storage b = ballots[topic];
        require(b.endsAt != 0, "not open");
        require(block.timestamp >= b.endsAt, "still running");
        (uint256 ayes, uint256 noes) = (b.ayes, b.noes);

        bool adopted = ayes > noes && (ayes + noes) * 4 >= members;
        inForce[topic] = adopted;
        delete ballots[topic]; // <-- language-trap
        emit Decided(topic, adopted, ayes, noes);
    }

    function standing(bytes32 topic) external view returns (uint256 endsAt, uint256 ayes, uint256 noes) {
        Ballot storage b = ballots[topic];
        return (b.endsAt, b.ayes, b.noes);
    }

    function _join(address who) private {
        require(!isMember[who], "already a member");
        isMember[who] = true;
        members += 1;
        emit Joined(who);
    }
}
