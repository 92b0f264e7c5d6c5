// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/**
 * Purse of a chess tournament. The arbiter writes the places down once, after that every
 * placed player draws the prize alone.
 */
contract TournamentPurse {
    enum Phase { Signup, Playing, Decided }

    address public arbiter;
    uint256 public entryFee;
    uint256 public signupEnds;
    uint256 public purse;
    Phase public phase;

    mapping(address => bool) public entered;
    mapping(address => uint256) public prizeOf;
    mapping(address => bool) public refunded;

    event Entered(address indexed player);
    event Started(uint256 purse);
    event Decided(address indexed first, address indexed second, address indexed third);
    event PrizeDrawn(address indexed player, uint256 amount);
    event EntryRefunded(address indexed player);

    modifier onlyArbiter() {
        require(msg.sender == arbiter, "arbiter only");
        _;
    }

    modifier inPhase(Phase p) {
        require(phase == p, "wrong phase");
        _;
    }

    constructor(uint256 fee, uint256 signupDays) public {
        require(fee > 0 && fee <= 100 ether, "fee");
        require(signupDays > 0 && signupDays <= 60, "signup days");
        arbiter = msg.sender;
        entryFee = fee;
        signupEnds = now + signupDays * 1 days;
    }

    function enter() external payable inPhase(Phase.Signup) {
        require(now < signupEnds, "signup is over");
        require(!entered[msg.sender], "already in");
        require(msg.value == entryFee, "pay the fee");
        entered[msg.sender] = true;
        purse += msg.value;
        emit Entered(msg.sender);
    }

    function start() external onlyArbiter inPhase(Phase.Signup) {
        require(now >= signupEnds, "signup is on");
        phase = Phase.Playing;
        emit Started(purse);
    }

    function decide(address first, address second, address third) external onlyArbiter inPhase(Phase.Playing) {
        require(entered[first] && entered[second] && entered[third], "not a player");
        require(first != second && second != third && first != third, "same player");
        phase = Phase.Decided;
        uint256 thirdPrize = purse / 5;
        uint256 secondPrize = purse * 3 / 10;
        prizeOf[third] = thirdPrize;
        prizeOf[second] = secondPrize;
        prizeOf[first] = purse - thirdPrize - secondPrize;
        emit Decided(first, second, third);
    }

    /// Nobody decided within 90 days of the signup: the fees go back.
    function takeFeeBack() external {
        require(phase != Phase.Decided, "decided");
        require(now >= signupEnds + 90 days, "too early");
        require(entered[msg.sender] && !refunded[msg.sender], "nothing to refund");
        refunded[msg.sender] = true;
        entered[msg.sender] = false;
        purse -= entryFee;
        emit EntryRefunded(msg.sender);
        require(msg.sender.send(entryFee), "refund failed");
    }

    function drawPrize() external inPhase(Phase.Decided) {
        uint256 amount = prizeOf[msg.sender];
        require(amount > 0, "no prize");
        prizeOf[msg.sender] = 0;
        emit PrizeDrawn(msg.sender, amount);
        require(msg.sender.send(amount), "prize failed");
    }
}
