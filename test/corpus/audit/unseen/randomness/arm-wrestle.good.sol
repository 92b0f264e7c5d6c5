pragma solidity ^0.4.24;

contract ArmWrestle {

    struct Match {
        address opener;
        address rival;
        uint128 stake;
        uint64 revealBy;
        bool rivalSaysOdd;
        bool over;
        bytes32 commitment;
    }

    uint128 public constant LOWEST = 0.01 ether;
    uint128 public constant HIGHEST = 5 ether;
    uint64 public constant REVEAL_TIME = 1 days;

    Match[] public matches;
    mapping (address => uint256) public purse;

    event Opened(uint256 indexed id, address indexed opener, uint256 stake);
    event Joined(uint256 indexed id, address indexed rival);
    event Won(uint256 indexed id, address indexed winner, uint256 amount);
    event Cancelled(uint256 indexed id);
    event Emptied(address indexed who, uint256 amount);

    modifier exists(uint256 id) {
        require(id < matches.length, "no such match");
        require(!matches[id].over, "match is over");
        _;
    }

    // commitment: keccak256(secret, opener); the secret's last bit is the side
    function open(bytes32 commitment) external payable returns (uint256 id) {
        require(msg.value >= LOWEST && msg.value <= HIGHEST, "stake");
        require(commitment != bytes32(0));
        id = matches.length++;
        Match storage m = matches[id];
        m.opener = msg.sender;
        m.stake = uint128(msg.value);
        m.commitment = commitment;
        emit Opened(id, msg.sender, msg.value);
    }

    function cancel(uint256 id) external exists(id) {
        Match storage m = matches[id];
        require(m.opener == msg.sender && m.rival == address(0));
        m.over = true;
        purse[msg.sender] += m.stake;
        emit Cancelled(id);
    }

    function join(uint256 id, bool odd) external payable exists(id) {
        Match storage m = matches[id];
        require(m.rival == address(0), "taken");
        require(m.opener != msg.sender, "own match");
        require(msg.value == m.stake, "match the stake");
        m.rival = msg.sender;
        m.rivalSaysOdd = odd;
        m.revealBy = uint64(now) + REVEAL_TIME;
        emit Joined(id, msg.sender);
    }

    function fight(uint256 id, uint256 secret) external exists(id) {
        Match storage m = matches[id];
        require(m.rival != address(0), "no rival yet");
        require(now <= m.revealBy, "too late");
        require(keccak256(abi.encodePacked(secret, m.opener)) == m.commitment, "wrong secret");
        bool odd = secret & 1 == 1;
        settle(id, odd == m.rivalSaysOdd ? m.rival : m.opener);
    }

    // the opener did not show up
    function walkover(uint256 id) external exists(id) {
        Match storage m = matches[id];
        require(m.rival != address(0) && now > m.revealBy);
        settle(id, m.rival);
    }

    function settle(uint256 id, address winner) private {
        Match storage m = matches[id];
        m.over = true;
        uint256 amount = uint256(m.stake) * 2;
        purse[winner] += amount;
        emit Won(id, winner, amount);
    }

    function emptyPurse() external {
        uint256 amount = purse[msg.sender];
        require(amount > 0);
        purse[msg.sender] = 0;
        msg.sender.transfer(amount);
        emit Emptied(msg.sender, amount);
    }
}
