// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// @title A board of sealed questions; who shows the right answer first gets the prize
contract AnswerBoard {
    struct Question {
        address payable asker;
        uint256 prize;
        uint256 expiresAt;
        bytes32 answerHash;
        bool closed;
    }

    uint256 public constant SEAL_AGE = 20;

    address payable public immutable host;
    uint256 public questionCount;
    mapping(uint256 => Question) public questions;
    mapping(bytes32 => uint256) public sealedAt;
    mapping(address => uint256) public winnings;

    event Asked(uint256 indexed id, address indexed asker, uint256 prize, uint256 expiresAt);
    event Sealed(bytes32 indexed seal, address indexed by);
    event Answered(uint256 indexed id, address indexed winner, bytes32 answer);
    event Expired(uint256 indexed id);
    event Collected(address indexed who, uint256 amount);

    constructor() public {
        host = msg.sender;
    }

    /// @param answerHash hash of the hash of the question's number and the answer
    function ask(bytes32 answerHash, uint256 duration) external payable returns (uint256 id) {
        require(msg.sender == host, "AnswerBoard: host");
        require(msg.value > 0, "AnswerBoard: no prize");
        require(duration >= 1 days && duration <= 90 days, "AnswerBoard: duration");
        require(answerHash != bytes32(0), "AnswerBoard: hash");
        id = ++questionCount;
        questions[id] = Question(msg.sender, msg.value, block.timestamp + duration, answerHash, false);
        emit Asked(id, msg.sender, msg.value, block.timestamp + duration);
    }

    /// Puts down a sealed answer, some blocks before it is shown.
    function putDown(bytes32 seal) external {
        require(sealedAt[seal] == 0, "AnswerBoard: put down");
        sealedAt[seal] = block.number;
        emit Sealed(seal, msg.sender);
    }

    function show(uint256 id, bytes32 answer, bytes32 salt) external {
        Question storage question = questions[id];
        require(question.asker != address(0) && !question.closed, "AnswerBoard: closed");
        require(block.timestamp < question.expiresAt, "AnswerBoard: expired");

       bytes32 seal = keccak256(abi.encode(id, answer, salt)); // <-- front-running
        uint256 putDownAt = sealedAt[seal];
        require(putDownAt != 0, "AnswerBoard: no seal");
        require(block.number >= putDownAt + SEAL_AGE, "AnswerBoard: too fresh");
        bytes32 inner = keccak256(abi.encode(id, answer));
        require(keccak256(abi.encode(inner)) == question.answerHash, "AnswerBoard: wrong");

        question.closed = true;
        uint256 prize = question.prize;
        question.prize = 0;
        winnings[msg.sender] += prize;
        emit Answered(id, msg.sender, answer);
    }

    function expire(uint256 id) external {
        Question storage question = questions[id];
        require(question.asker != address(0) && !question.closed, "AnswerBoard: closed");
        require(block.timestamp >= question.expiresAt, "AnswerBoard: running");
        question.closed = true;
        uint256 prize = question.prize;
        question.prize = 0;
        winnings[question.asker] += prize;
        emit Expired(id);
    }

    function collect() external {
        uint256 amount = winnings[msg.sender];
        require(amount > 0, "AnswerBoard: nothing");
        winnings[msg.sender] = 0;
        emit Collected(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "AnswerBoard: payment");
    }
}
