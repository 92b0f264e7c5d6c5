pragma solidity ^0.4.24;

// One round of community grants: anybody files a proposal, enrolled voters
// cast one vote each, the best one receives the pool.
contract GrantRound {

    struct Proposal {
        address author;
        bytes32 digest;
        uint256 votes;
    }

    address public steward;
    uint256 public closesAt;
    uint256 public pool;
    bool public finalized;
    uint256 public winner;
    uint256 public topVotes;

    Proposal[] public proposals;
    mapping(address => bool) public enrolled;
    mapping(address => bool) public hasVoted;

    event VoterEnrolled(address indexed voter);
    event Filed(uint256 indexed id, address indexed author, bytes32 digest);
    event Voted(uint256 indexed id, address indexed voter);
    event Finalized(uint256 indexed winner, uint256 votes);
    event Funded(address indexed donor, uint256 amount);
    event PaidOut(address indexed to, uint256 amount);

    modifier onlySteward() {
        require(msg.sender == steward);
        _;
    }

    modifier whileOpen() {
        require(now < closesAt, "round is closed");
        _;
    }

    constructor(uint256 daysOpen) public {
        require(daysOpen >= 7 && daysOpen <= 90);
        steward = msg.sender;
        closesAt = now + daysOpen * 1 days;
    }

    function fund() public payable whileOpen {
        require(msg.value > 0);
        pool += msg.value;
        emit Funded(msg.sender, msg.value);
    }

    function enroll(address voter) public onlySteward whileOpen {
        require(voter != address(0) && !enrolled[voter]);
        enrolled[voter] = true;
        emit VoterEnrolled(voter);
    }

    function file(bytes32 digest) public whileOpen returns (uint256 id) {
        require(digest != bytes32(0));
        id = proposals.push(Proposal(msg.sender, digest, 0)) - 1;
        emit Filed(id, msg.sender, digest);
    }

    function vote(uint256 id) public whileOpen {
        require(enrolled[msg.sender], "not enrolled");
        require(!hasVoted[msg.sender], "one vote each");
        require(id < proposals.length);
        hasVoted[msg.sender] = true;
        proposals[id].votes += 1;
        emit Voted(id, msg.sender);
    }

    function finalize() public {
        require(now >= closesAt, "still open");
        require(!finalized);
        finalized = true;
        for (uint256 i = 0; i < proposals.length; i++) { // <-- denial-of-service
            if (proposals[i].votes > topVotes) {
                topVotes = proposals[i].votes;
                winner = i;
            }
        }
        emit Finalized(winner, topVotes);
    }

    // The author of the winning proposal draws the pool. When nobody voted it
    // goes back to the steward, who carries it to the next round.
    function draw() public {
        require(finalized);
        address receiver = topVotes > 0 ? proposals[winner].author : steward;
        require(msg.sender == receiver, "not the receiver");
        uint256 amount = pool;
        require(amount > 0);
        pool = 0;
        msg.sender.transfer(amount);
        emit PaidOut(msg.sender, amount);
    }
}
