// SPDX-License-Identifier: MIT
pragma solidity ^0.8.23;

/// @title Ballots of a trade union, votes are signed at home and sent in by the office
abstract contract SignedBallots {
    bytes32 internal constant VOTE_TYPE = keccak256("Vote(uint256 ballot,uint8 choice,address voter)");
    uint256 private constant HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    bytes32 private immutable _domain;
    uint256 private immutable _domainChain;

    error BadSignature();

    constructor() {
        _domainChain = block.chainid;
        _domain = _buildDomain();
    }

    function _voterOf(uint256 ballot, uint8 choice, address voter, bytes calldata sig) internal view returns (address) {
        if (sig.length != 65) revert BadSignature();
        bytes32 body = keccak256(abi.encode(VOTE_TYPE, ballot, choice, voter));
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", _separator(), body));
        return _open(digest, uint8(sig[64]), bytes32(sig[:32]), bytes32(sig[32:64]));
    }

    function _open(bytes32 digest, uint8 v, bytes32 r, bytes32 s) private pure returns (address signer) {
        if (uint256(s) > HALF_ORDER) revert BadSignature();
        signer = ecrecover(digest, v, r, s);
        if (signer == address(0)) revert BadSignature();
    }

    function _separator() private view returns (bytes32) {
        return block.chainid == _domainChain ? _domain : _buildDomain();
    }

    function _buildDomain() private view returns (bytes32) {
        bytes32 kind = keccak256("EIP712Domain(string name,string version,uint256 chainId)");
        return keccak256(abi.encode(kind, keccak256("UnionBallot"), keccak256("1"), block.chainid)); // <-- signature
    }
}

contract UnionBallot is SignedBallots {
    struct Ballot {
        uint64 endsAt;
        uint8 choices;
        uint32 cast;
    }

    uint256 public constant MAX_PACK = 100;

    address public immutable secretary;
    uint256 public ballotCount;
    mapping(address => bool) public members;
    mapping(uint256 => Ballot) public ballots;
    mapping(uint256 => mapping(address => bool)) public voted;
    mapping(uint256 => mapping(uint8 => uint256)) public tally;

    event MemberSet(address indexed member, bool enabled);
    event BallotOpened(uint256 indexed ballot, uint64 endsAt, uint8 choices);
    event VoteCast(uint256 indexed ballot, address indexed voter, uint8 choice);

    error NotSecretary();
    error BadBallot();
    error BadPack();
    error BadVote(address voter);

    modifier onlySecretary() {
        if (msg.sender != secretary) revert NotSecretary();
        _;
    }

    constructor(address secretary_) {
        if (secretary_ == address(0)) revert NotSecretary();
        secretary = secretary_;
    }

    function setMember(address member, bool enabled) external onlySecretary {
        if (member == address(0)) revert BadPack();
        members[member] = enabled;
        emit MemberSet(member, enabled);
    }

    function openBallot(uint64 length, uint8 choices) external onlySecretary returns (uint256 ballot) {
        if (length < 1 days || length > 60 days || choices < 2) revert BadBallot();
        ballot = ++ballotCount;
        ballots[ballot] = Ballot(uint64(block.timestamp) + length, choices, 0);
        emit BallotOpened(ballot, ballots[ballot].endsAt, choices);
    }

    /// @notice Send in a pack of votes.
    function castPack(
        uint256 ballot,
        address[] calldata voters,
        uint8[] calldata choices,
        bytes[] calldata sigs
    ) external onlySecretary {
        uint256 count = voters.length;
        if (count == 0 || count > MAX_PACK || count != choices.length || count != sigs.length) revert BadPack();
        if (block.timestamp >= ballots[ballot].endsAt) revert BadBallot();
        for (uint256 i = 0; i < count; i++) {
            _cast(ballot, voters[i], choices[i], sigs[i]);
        }
    }

    function _cast(uint256 ballot, address voter, uint8 choice, bytes calldata sig) private {
        if (!members[voter] || voted[ballot][voter] || choice >= ballots[ballot].choices) revert BadVote(voter);
        if (_voterOf(ballot, choice, voter, sig) != voter) revert BadVote(voter);
        voted[ballot][voter] = true;
        ballots[ballot].cast += 1;
        tally[ballot][choice] += 1;
        emit VoteCast(ballot, voter, choice);
    }
}
