// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// @title A number is to be guessed, and whoever guesses it first wins the pot
contract NumberGuess {
    address public host;
    uint256 public fee;
    uint256 public pot;
    uint256 public game;
    uint256 public endsAt;
    uint8 private number;
    bool public running;
    mapping(uint256 => mapping(uint8 => address)) public guesses;
    mapping(address => uint256) public credit;

    event Started(uint256 indexed game, uint256 fee, uint256 pot);
    event Guessed(uint256 indexed game, address indexed who, uint8 guess);
    event Won(uint256 indexed game, address indexed who, uint256 amount);

    modifier onlyHost() {
        require(msg.sender == host, "host");
        _;
    }

    modifier whileRunning() {
        require(running, "no game");
        _;
    }

    constructor() public {
        host = msg.sender;
    }

    function start(uint8 number_, uint256 fee_) external payable onlyHost {
        require(!running && number_ < 100, "terms");
        require(msg.value > 0 && msg.value < 1000 ether && fee_ > 0 && fee_ < 100 ether, "terms");
        number = number_; // <-- randomness
        fee = fee_;
        pot = msg.value;
        game += 1;
        endsAt = now + 3 days;
        running = true;
        emit Started(game, fee_, msg.value);
    }

    function guess(uint8 value) external payable whileRunning {
        require(msg.sender != host && value < 100, "guess");
        require(msg.value == fee, "fee");
        require(now < endsAt, "over");
        require(guesses[game][value] == address(0), "taken");
        guesses[game][value] = msg.sender;
        pot += msg.value;
        emit Guessed(game, msg.sender, value);
        if (value == number) _finish(msg.sender);
    }

    function finish() external whileRunning {
        require(now >= endsAt, "not over");
        _finish(host);
    }

    function cash() external {
        uint256 amount = credit[msg.sender];
        require(amount > 0, "nothing");
        credit[msg.sender] = 0;
        msg.sender.transfer(amount);
    }

    function taken(uint8 value) external view returns (bool) {
        return guesses[game][value] != address(0);
    }

    function _finish(address winner) private {
        uint256 amount = pot;
        pot = 0;
        running = false;
        credit[winner] += amount;
        emit Won(game, winner, amount);
    }
}
