// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

/// @notice Random words from a verifiable source.
interface IWordSource {
    function requestWord() external returns (uint256 requestId);
}

/// @title Arbitration court with drawn jurors
/// @notice Jurors pay an entry fee; three of them are drawn for every dispute and vote on it.
contract JurySelection {
    struct Dispute {
        address claimant;
        address respondent;
        uint256 openedAt;
        uint256 poolSize;
        bool drawn;
        bool reclaimed;
        address[3] jurors;
        uint8 votesFor;
        uint8 votesCast;
    }

    uint256 public constant ENTRY_FEE = 1 ether;
    uint256 public constant FEE = 0.3 ether;
    uint256 public constant VOTING_TIME = 30 days;

    IWordSource public immutable source;
    address public immutable clerk;
    address[] private _pool;
    mapping(address => bool) public admitted;
    mapping(uint256 => Dispute) private _disputes;
    mapping(uint256 => uint256) public disputeOfRequest;
    mapping(uint256 => mapping(address => bool)) public hasVoted;
    mapping(address => uint256) public earned;
    uint256 public disputeCount;

    event Admitted(address indexed juror);
    event DisputeOpened(uint256 indexed id, address indexed claimant, address indexed respondent);
    event JuryDrawn(uint256 indexed id, address[3] jurors);
    event Voted(uint256 indexed id, address indexed juror, bool inFavour);

    constructor(IWordSource source_) {
        require(address(source_) != address(0), "no source");
        source = source_;
        clerk = msg.sender;
    }

    function enter() external payable {
        require(msg.value == ENTRY_FEE && !admitted[msg.sender], "bad entry");
        admitted[msg.sender] = true;
        _pool.push(msg.sender);
        earned[clerk] += msg.value;
        emit Admitted(msg.sender);
    }

    /// @notice Jurors who enter later are not considered for the dispute.
    function openDispute(address respondent) external payable returns (uint256 id) {
        require(msg.value == FEE, "wrong fee");
        require(respondent != address(0) && respondent != msg.sender, "bad respondent");
        require(_pool.length >= 9, "pool too small");
        id = ++disputeCount;
        Dispute storage dispute = _disputes[id];
        dispute.claimant = msg.sender;
        dispute.respondent = respondent;
        dispute.openedAt = block.timestamp;
        dispute.poolSize = _pool.length;
        emit DisputeOpened(id, msg.sender, respondent);
        disputeOfRequest[source.requestWord()] = id;
    }

    function receiveWord(uint256 requestId, uint256 word) external {
        require(msg.sender == address(source), "only the source");
        uint256 id = disputeOfRequest[requestId];
        require(id != 0, "unknown request");
        _drawJury(id, word);
    }

    function vote(uint256 id, bool inFavour) external {
        Dispute storage dispute = _disputes[id];
        require(isJuror(id, msg.sender), "not a juror");
        require(block.timestamp <= dispute.openedAt + VOTING_TIME, "voting is over");
        require(!hasVoted[id][msg.sender], "already voted");
        hasVoted[id][msg.sender] = true;
        dispute.votesCast += 1;
        if (inFavour) dispute.votesFor += 1;
        earned[msg.sender] += FEE / 3;
        emit Voted(id, msg.sender, inFavour);
    }

    /// @notice Shares of the fee that no juror earned go back to the claimant.
    function reclaim(uint256 id) external {
        Dispute storage dispute = _disputes[id];
        require(dispute.claimant == msg.sender && !dispute.reclaimed, "nothing to reclaim");
        require(block.timestamp > dispute.openedAt + VOTING_TIME, "voting goes on");
        dispute.reclaimed = true;
        earned[msg.sender] += (FEE / 3) * (3 - uint256(dispute.votesCast));
    }

    function collect() external {
        uint256 amount = earned[msg.sender];
        require(amount > 0, "nothing earned");
        earned[msg.sender] = 0;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment refused");
    }

    function isJuror(uint256 id, address who) public view returns (bool) {
        address[3] storage jurors = _disputes[id].jurors;
        return who != address(0) && (jurors[0] == who || jurors[1] == who || jurors[2] == who);
    }

    function outcome(uint256 id) external view returns (bool decided, bool inFavour) {
        Dispute storage dispute = _disputes[id];
        return (dispute.votesCast == 3, dispute.votesFor >= 2);
    }

    /// @dev Three neighbours in the pool, beginning at a drawn seat.
    function _drawJury(uint256 id, uint256 word) internal {
        Dispute storage dispute = _disputes[id];
        require(!dispute.drawn, "already drawn");
        dispute.drawn = true;
        uint256 seat = word % dispute.poolSize;
        for (uint256 i = 0; i < 3; i++) {
            dispute.jurors[i] = _pool[(seat + i) % dispute.poolSize];
        }
        emit JuryDrawn(id, dispute.jurors);
    }
}
