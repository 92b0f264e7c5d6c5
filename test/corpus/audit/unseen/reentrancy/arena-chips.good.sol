pragma solidity ^0.4.24;

library SafeMath {
    function add(uint256 a, uint256 b) internal pure returns (uint256) {
        uint256 c = a + b;
        require(c >= a);
        return c;
    }

    function sub(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a);
        return a - b;
    }

    function mul(uint256 a, uint256 b) internal pure returns (uint256) {
        if (a == 0) {
            return 0;
        }
        uint256 c = a * b;
        require(c / a == b);
        return c;
    }

    function div(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b > 0);
        return a / b;
    }
}

contract Locked {
    bool private busy;

    modifier oneAtATime() {
        require(!busy, "busy");
        busy = true;
        _;
        busy = false;
    }
}

contract ArenaChips is Locked {
    using SafeMath for uint256;

    struct Duel {
        address host;
        address guest;
        uint256 stake;
        uint256 voidAfter;
        bool over;
    }

    address public referee;
    mapping(address => uint256) public chips;
    Duel[] public duels;

    event Bought(address indexed player, uint256 amount);
    event CashedOut(address indexed player, uint256 amount);
    event Gift(address indexed from, address indexed to, uint256 amount);
    event DuelOpened(uint256 indexed id, address indexed host, uint256 stake);
    event DuelJoined(uint256 indexed id, address indexed guest);
    event DuelOver(uint256 indexed id, address winner);

    constructor(address _referee) public {
        require(_referee != address(0), "referee");
        referee = _referee;
    }

    function buyChips() external payable {
        chips[msg.sender] = chips[msg.sender].add(msg.value);
        emit Bought(msg.sender, msg.value);
    }

    function cashOut() external oneAtATime {
        uint256 amount = chips[msg.sender];
        require(amount > 0, "no chips");
        chips[msg.sender] = 0;
        bool paid = msg.sender.call.value(amount)();
        require(paid, "not paid");
        emit CashedOut(msg.sender, amount);
    }

    function gift(address to, uint256 amount) external {
        require(to != address(0), "receiver");
        chips[msg.sender] = chips[msg.sender].sub(amount);
        chips[to] = chips[to].add(amount);
        emit Gift(msg.sender, to, amount);
    }

    function openDuel(uint256 stake) external oneAtATime returns (uint256 id) {
        require(stake > 0, "stake");
        chips[msg.sender] = chips[msg.sender].sub(stake);
        id = duels.length;
        duels.push(Duel(msg.sender, address(0), stake, now.add(7 days), false));
        emit DuelOpened(id, msg.sender, stake);
    }

    function joinDuel(uint256 id) external oneAtATime {
        Duel storage duel = duels[id];
        require(!duel.over && duel.guest == address(0), "not open");
        require(duel.host != msg.sender && now < duel.voidAfter, "cannot join");
        chips[msg.sender] = chips[msg.sender].sub(duel.stake);
        duel.guest = msg.sender;
        duel.voidAfter = now.add(7 days);
        emit DuelJoined(id, msg.sender);
    }

    function decide(uint256 id, address winner) external {
        require(msg.sender == referee, "not the referee");
        Duel storage duel = duels[id];
        require(!duel.over && duel.guest != address(0), "not running");
        require(winner == duel.host || winner == duel.guest, "not a player");
        duel.over = true;
        chips[winner] = chips[winner].add(duel.stake.mul(2));
        emit DuelOver(id, winner);
    }

    // Nobody joined or the referee did not decide: everyone gets his stake back.
    function voidDuel(uint256 id) external {
        Duel storage duel = duels[id];
        require(!duel.over && now >= duel.voidAfter, "not yet");
        duel.over = true;
        chips[duel.host] = chips[duel.host].add(duel.stake);
        if (duel.guest != address(0)) {
            chips[duel.guest] = chips[duel.guest].add(duel.stake);
        }
        emit DuelOver(id, address(0));
    }
}
