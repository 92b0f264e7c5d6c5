// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

/**
 * @title Lottery among players who commit to secrets and reveal them later
 * @notice A player who does not reveal loses the ticket and the bond. The bond
 * is higher than the largest pot, so nobody gains by keeping the secret back.
 */
contract SealedNumberLottery {
    struct Player {
        bytes32 commitment;
        uint32 round;
        bool revealed;
    }

    struct Round {
        uint64 commitUntil;
        uint64 revealUntil;
        uint32 revealed;
        bool drawn;
        bytes32 mix;
        uint256 pot;
        address[] tickets;
    }

    uint256 public constant TICKET = 0.05 ether;
    uint256 public constant BOND = 1.5 ether;
    uint256 public constant MAX_PLAYERS = 20;
    uint256 public constant MIN_REVEALED = 3;
    uint64 public constant COMMIT_TIME = 3 days;
    uint64 public constant REVEAL_TIME = 2 days;

    address public immutable charity;
    uint32 public current;
    mapping(uint32 => Round) private rounds;
    mapping(address => Player) public players;
    mapping(address => uint256) public winnings;
    uint256 private status = 1;

    event RoundOpened(uint32 indexed round, uint64 commitUntil, uint64 revealUntil);
    event Committed(uint32 indexed round, address indexed player);
    event Revealed(uint32 indexed round, address indexed player);
    event Drawn(uint32 indexed round, address indexed winner, uint256 prize);
    event NoWinner(uint32 indexed round);
    event Forfeited(uint32 indexed round, uint256 amount);
    event Paid(address indexed player, uint256 amount);

    modifier nonReentrant() {
        require(status != 2, "entered");
        status = 2;
        _;
        status = 1;
    }

    constructor(address charity_) {
        require(charity_ != address(0), "charity");
        charity = charity_;
    }

    /// @notice Anybody opens the next round as soon as the last one is drawn.
    function openRound() external {
        require(current == 0 || rounds[current].drawn, "round runs");
        current += 1;
        Round storage r = rounds[current];
        r.commitUntil = uint64(block.timestamp) + COMMIT_TIME;
        r.revealUntil = r.commitUntil + REVEAL_TIME;
        emit RoundOpened(current, r.commitUntil, r.revealUntil);
    }

    /// @param commitment see `commitmentFor`
    function commit(bytes32 commitment) external payable {
        Round storage r = rounds[current];
        require(block.timestamp < r.commitUntil, "commit phase over");
        require(msg.value == TICKET + BOND, "ticket and bond");
        require(commitment != bytes32(0), "commitment");
        require(players[msg.sender].round != current, "one ticket each");
        require(r.tickets.length < MAX_PLAYERS, "sold out");
        players[msg.sender] = Player(commitment, current, false);
        r.tickets.push(msg.sender);
        r.pot += TICKET;
        emit Committed(current, msg.sender);
    }

    function reveal(uint256 number, bytes32 salt) external {
        Round storage r = rounds[current];
        Player storage p = players[msg.sender];
        require(p.round == current, "no ticket");
        require(block.timestamp >= r.commitUntil, "too early");
        require(block.timestamp < r.revealUntil, "too late");
        require(!p.revealed, "revealed");
        require(p.commitment == commitmentFor(current, msg.sender, number, salt), "other secret");
        p.revealed = true;
        r.revealed += 1;
        // the order of the reveals makes no difference to the mix
        r.mix ^= keccak256(abi.encode(number, salt, msg.sender));
        winnings[msg.sender] += BOND;
        emit Revealed(current, msg.sender);
    }

    /// @notice Draws when the reveal phase is over; nothing can change by then.
    function draw() external {
        Round storage r = rounds[current];
        require(current != 0 && !r.drawn, "nothing to draw");
        require(block.timestamp >= r.revealUntil, "reveal phase runs");
        r.drawn = true;
        uint256 pot = r.pot;
        uint256 count = r.tickets.length;
        uint256 forfeited = (count - r.revealed) * BOND;
        r.pot = 0;
        if (r.revealed < MIN_REVEALED) {
            // too few: those who have revealed get their tickets back
            for (uint256 i = 0; i < count; i++) {
                if (players[r.tickets[i]].revealed) {
                    winnings[r.tickets[i]] += TICKET;
                    pot -= TICKET;
                }
            }
            forfeited += pot;
            emit NoWinner(current);
        } else {
            // tickets count in the order of buying; unrevealed ones are passed over
            uint256 index = uint256(r.mix) % count;
            while (!players[r.tickets[index]].revealed) {
                index = (index + 1) % count;
            }
            winnings[r.tickets[index]] += pot;
            emit Drawn(current, r.tickets[index], pot);
        }
        winnings[charity] += forfeited;
        emit Forfeited(current, forfeited);
    }

    function withdraw() external nonReentrant {
        uint256 amount = winnings[msg.sender];
        require(amount > 0, "nothing won");
        winnings[msg.sender] = 0;
        emit Paid(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment failed");
    }

    /// @dev The player's address and the round are part of it, so that a copied
    ///      commitment of somebody else cannot be revealed.
    function commitmentFor(uint32 round, address player, uint256 number, bytes32 salt)
        public
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(address(this), round, player, number, salt));
    }

    function roundInfo(uint32 number)
        external
        view
        returns (uint64 commitUntil, uint64 revealUntil, uint256 committed, uint256 revealed, uint256 pot)
    {
        Round storage r = rounds[number];
        return (r.commitUntil, r.revealUntil, r.tickets.length, r.revealed, r.pot);
    }
}
