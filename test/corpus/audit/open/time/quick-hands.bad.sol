// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// @title Quiz where the early answers of a round share a larger purse
/// @notice The host opens a round with the hash of the solution. Players hand in hashed answers
///         and show them later, so nobody can copy an answer.
contract QuickHands {
    struct Round {
        bytes32 solutionHash;
        bytes32 solution;
        uint256 openedAt;
        uint256 purse;
        uint256 points;
        bool solved;
    }

    struct Entry {
        bytes32 answerHash;
        uint256 weight;
        bool shown;
        bool paid;
    }

    uint256 public constant ANSWER_TIME = 2 days;
    uint256 public constant SHOW_TIME = 7 days;

    address public host;
    uint256 public roundCount;
    mapping(uint256 => Round) public rounds;
    mapping(uint256 => mapping(address => Entry)) public entries;

    event Opened(uint256 indexed id, uint256 purse);
    event Answered(uint256 indexed id, address indexed player, uint256 weight);
    event Solved(uint256 indexed id, bytes32 solution);
    event Paid(uint256 indexed id, address indexed player, uint256 amount);

    constructor() public {
        host = msg.sender;
    }

    function open(bytes32 solutionHash) external payable {
        require(msg.sender == host, "only the host");
        require(msg.value > 0 && solutionHash != bytes32(0), "bad round");
        uint256 id = ++roundCount;
        rounds[id].solutionHash = solutionHash;
        rounds[id].openedAt = now;
        rounds[id].purse = msg.value;
        emit Opened(id, msg.value);
    }

    /// @param answerHash hash of the player's address, the answer and a salt
    function answer(uint256 id, bytes32 answerHash) external {
        Round storage round = rounds[id];
        require(round.openedAt != 0 && now < round.openedAt + ANSWER_TIME, "not open");
        require(answerHash != bytes32(0), "no answer");
        Entry storage entry = entries[id][msg.sender];
        require(entry.answerHash == bytes32(0), "one answer each");
        entry.answerHash = answerHash;
        entry.weight = weightNow(round.openedAt);
        emit Answered(id, msg.sender, entry.weight);
    }

    function solve(uint256 id, bytes32 solution, bytes32 salt) external {
        Round storage round = rounds[id];
        require(msg.sender == host && !round.solved, "cannot solve");
        require(now >= round.openedAt + ANSWER_TIME && now < round.openedAt + ANSWER_TIME * 2, "not the time");
        require(keccak256(abi.encodePacked(solution, salt)) == round.solutionHash, "not the solution");
        round.solved = true;
        round.solution = solution;
        emit Solved(id, solution);
    }

    /// @notice Shows an answer. Without a word from the host every shown answer counts as right.
    function show(uint256 id, bytes32 given, bytes32 salt) external {
        Round storage round = rounds[id];
        Entry storage entry = entries[id][msg.sender];
        require(now >= round.openedAt + ANSWER_TIME * 2 && now < round.openedAt + SHOW_TIME, "not the time");
        require(entry.answerHash != bytes32(0) && !entry.shown, "nothing to show");
        require(keccak256(abi.encodePacked(msg.sender, given, salt)) == entry.answerHash, "not the answer");
        entry.shown = true;
        if (round.solved && given != round.solution) {
            entry.weight = 0;
        }
        round.points += entry.weight;
    }

    function collect(uint256 id) external {
        Round storage round = rounds[id];
        Entry storage entry = entries[id][msg.sender];
        require(round.openedAt != 0 && now >= round.openedAt + SHOW_TIME, "not the time");
        require(entry.shown && !entry.paid && entry.weight > 0, "nothing to collect");
        entry.paid = true;
        // weights are single digits and a purse is real ether
        uint256 amount = round.purse * entry.weight / round.points;
        emit Paid(id, msg.sender, amount);
        msg.sender.transfer(amount);
    }

    /// @notice A purse that nobody won goes back.
    function takeBack(uint256 id) external {
        Round storage round = rounds[id];
        require(msg.sender == host && round.openedAt != 0, "cannot take back");
        require(now >= round.openedAt + SHOW_TIME && round.points == 0 && round.purse > 0, "not the time");
        uint256 amount = round.purse;
        round.purse = 0;
        msg.sender.transfer(amount);
    }

    /// @dev Early answers weigh more.
    function weightNow(uint256 openedAt) internal view returns (uint256) {
        if (now - openedAt <= 8 seconds) { // <-- time
            return 9;
        }
        return 1;
    }
}
