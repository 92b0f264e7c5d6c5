pragma solidity ^0.4.24;

contract RiddlePrize {

    struct Riddle {
        address poser;
        bytes32 answerHash;
        uint prize;
        uint expires;
        bool closed;
        string text;
    }

    Riddle[] riddles;
    mapping (address => uint) public winnings;

    event Posed(uint indexed id, address indexed poser, uint prize, string text);
    event Solved(uint indexed id, address indexed solver, string answer);
    event TakenBack(uint indexed id);
    event Paid(address indexed to, uint amount);

    function pose(string text, bytes32 answerHash, uint duration) external payable {
        require(msg.value > 0);
        require(answerHash != 0);
        require(duration >= 1 days && duration <= 365 days);
        uint id = riddles.length++;
        Riddle storage r = riddles[id];
        r.poser = msg.sender;
        r.answerHash = answerHash;
        r.prize = msg.value;
        r.expires = now + duration;
        r.text = text;
        emit Posed(id, msg.sender, msg.value, text);
    }

    function getRiddle(uint id) external view returns (address, bytes32, uint, uint, bool, string) {
        require(id < riddles.length);
        Riddle storage r = riddles[id];
        return (r.poser, r.answerHash, r.prize, r.expires, r.closed, r.text);
    }

    // the answer in lower case, without blanks
    function solve(uint id, string answer) external {
        require(id < riddles.length);
        Riddle storage r = riddles[id];
        require(!r.closed && now < r.expires);
        require(keccak256(bytes(answer)) == r.answerHash);
        r.closed = true;
        winnings[msg.sender] += r.prize; // <-- front-running
        emit Solved(id, msg.sender, answer);
    }

    function takeBack(uint id) external {
        require(id < riddles.length);
        Riddle storage r = riddles[id];
        require(r.poser == msg.sender && !r.closed);
        require(now >= r.expires);
        r.closed = true;
        winnings[msg.sender] += r.prize;
        emit TakenBack(id);
    }

    function cash() external {
        uint amount = winnings[msg.sender];
        require(amount > 0);
        winnings[msg.sender] = 0;
        msg.sender.transfer(amount);
        emit Paid(msg.sender, amount);
    }
}
