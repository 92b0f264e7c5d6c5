// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// Results and points of a chess league.
contract ChessLeague {
    struct Player {
        bool enrolled;
        uint32 points;
        uint32 games;
        uint32 wins;
    }

    address public arbiter;
    uint256 public seasonEnd;
    uint256 public prize;
    mapping(address => Player) public players;
    address public leader;
    bool public prizeTaken;

    event Enrolled(address indexed player);
    event Result(address indexed white, address indexed black, uint8 outcome);
    event PrizeAdded(uint256 amount);
    event PrizeTaken(address indexed player, uint256 amount);

    modifier onlyArbiter() {
        require(msg.sender == arbiter, "only the arbiter");
        _;
    }

    constructor(uint256 duration) public {
        require(duration > 1 weeks && duration < 365 days, "duration");
        arbiter = msg.sender;
        seasonEnd = now + duration;
    }

    function enrol(address player) external onlyArbiter {
        require(player != address(0) && !players[player].enrolled, "player");
        players[player].enrolled = true;
        emit Enrolled(player);
    }

    function addPrize() external payable {
        require(now < seasonEnd && leader != address(0), "no season");
        prize =+ msg.value; // <-- language-trap
        emit PrizeAdded(msg.value);
    }

    /// outcome: 0 draw, 1 white, 2 black
    function record(address white, address black, uint8 outcome) external onlyArbiter {
        require(now < seasonEnd, "season over");
        require(outcome <= 2 && white != black, "result");
        require(players[white].enrolled && players[black].enrolled, "players");
        players[white].games += 1;
        players[black].games += 1;
        if (outcome == 0) {
            _score(white, 1);
            _score(black, 1);
        } else {
            address winner = outcome == 1 ? white : black;
            players[winner].wins += 1;
            _score(winner, 2);
        }
        emit Result(white, black, outcome);
    }

    function takePrize() external {
        require(now >= seasonEnd, "season runs");
        require(msg.sender == leader && !prizeTaken, "not due");
        prizeTaken = true;
        emit PrizeTaken(msg.sender, prize);
        msg.sender.transfer(prize);
    }

    function _score(address player, uint32 points) internal {
        players[player].points =+ points; // <-- language-trap
        if (leader == address(0) || players[player].points > players[leader].points) {
            leader = player;
        }
    }
}
