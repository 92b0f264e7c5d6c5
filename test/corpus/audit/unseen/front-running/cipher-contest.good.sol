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

    struct Guess {
        bytes32 seal;
        uint blockNumber;
    }

    uint constant REVEAL_TIME = 1 days;
    uint constant REVEAL_BLOCKS = 5;

    Riddle[] riddles;
    mapping (uint => mapping (address => Guess)) guesses;
    mapping (address => uint) public winnings;

    event Posed(uint indexed id, address indexed poser, uint prize, string text);
    event Sealed(uint indexed id, address indexed solver);
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

    // seal: keccak256 of the packed solver, salt and answer
    function sealAnswer(uint id, bytes32 seal) external {
        require(id < riddles.length);
        require(!riddles[id].closed && now < riddles[id].expires);
        require(seal != 0);
        guesses[id][msg.sender] = Guess(seal, block.number);
        emit Sealed(id, msg.sender);
    }

    // the answer in lower case, without blanks
    function solve(uint id, string answer, bytes32 salt) external {
        require(id < riddles.length);
        Riddle storage r = riddles[id];
        require(!r.closed && now < r.expires + REVEAL_TIME);
        Guess storage g = guesses[id][msg.sender];
        require(g.seal != 0 && block.number > g.blockNumber + REVEAL_BLOCKS);
        require(keccak256(abi.encodePacked(msg.sender, salt, answer)) == g.seal);
        require(keccak256(bytes(answer)) == r.answerHash);
        r.closed = true;
        winnings[msg.sender] += r.prize;
        emit Solved(id, msg.sender, answer);
    }

    function takeBack(uint id) external {
        require(id < riddles.length);
        Riddle storage r = riddles[id];
        require(r.poser == msg.sender && !r.closed);
        require(now >= r.expires + REVEAL_TIME);
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
