// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// @title Riddles with a prize for the first right answer
contract RiddlePrize {
    struct Riddle {
        string text;
        bytes32 answerHash;
        uint256 prize;
        address solver;
        uint256 expires;
    }

    struct Claim {
        bytes32 sealedAnswer;
        uint256 atBlock;
    }

    uint256 public constant MIN_WAIT = 10;
    address public author;
    uint256 public riddleCount;
    mapping(uint256 => Riddle) private riddles;
    mapping(uint256 => mapping(address => Claim)) private claims;

    event Posed(uint256 indexed id, string text, uint256 prize);
    event Noted(uint256 indexed id, address indexed player);
    event Solved(uint256 indexed id, address indexed solver, uint256 prize);
    event Expired(uint256 indexed id);

    modifier onlyAuthor() {
        require(msg.sender == author, "only the author");
        _;
    }

    modifier isOpen(uint256 id) {
        require(riddles[id].prize > 0, "no such riddle");
        require(riddles[id].solver == address(0), "already solved");
        _;
    }

    constructor() public {
        author = msg.sender;
    }

    /// @param answerHash keccak256 of the long answer, written in lower case
    function pose(string text, bytes32 answerHash) external payable onlyAuthor {
        require(msg.value >= 100 finney, "prize too small");
        uint256 id = ++riddleCount;
        riddles[id] = Riddle(text, answerHash, msg.value, address(0), now + 90 days);
        emit Posed(id, text, msg.value);
    }

    /// @notice Players note down their interest before they answer.
    /// @param sealedAnswer hash of the player's address, the answer and a salt
    function note(uint256 id, bytes32 sealedAnswer) external isOpen(id) {
        claims[id][msg.sender] = Claim(sealedAnswer, block.number);
        emit Noted(id, msg.sender);
    }

    /// @notice The first right answer takes the prize.
    function solve(uint256 id, string answer, bytes32 salt) external isOpen(id) {
        Riddle storage riddle = riddles[id];
        Claim storage claim = claims[id][msg.sender];
        require(claim.atBlock != 0 && block.number >= claim.atBlock + MIN_WAIT, "note it down first");
        require(keccak256(abi.encode(msg.sender, answer, salt)) == claim.sealedAnswer, "not what was noted");
        require(now < riddle.expires && keccak256(bytes(answer)) == riddle.answerHash, "wrong answer");
        riddle.solver = msg.sender;
        emit Solved(id, msg.sender, riddle.prize);
        msg.sender.transfer(riddle.prize);
    }

    /// @notice After ninety days an unsolved prize returns to the author.
    function expire(uint256 id) external onlyAuthor isOpen(id) {
        Riddle storage riddle = riddles[id];
        require(now >= riddle.expires, "still running");
        uint256 amount = riddle.prize;
        riddle.prize = 0;
        emit Expired(id);
        author.transfer(amount);
    }

    function riddleOf(uint256 id) external view returns (string text, uint256 prize, address solver) {
        Riddle storage riddle = riddles[id];
        return (riddle.text, riddle.prize, riddle.solver);
    }
}
