pragma solidity ^0.4.24;

contract ArmWrestle {

    struct Match {
        address opener;
        address rival;
        uint128 stake;
        uint64 fightBlock;
        bool over;
    }

    uint128 public constant LOWEST = 0.01 ether;
    uint128 public constant HIGHEST = 5 ether;

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

    function open() external payable returns (uint256 id) {
        require(msg.value >= LOWEST && msg.value <= HIGHEST, "stake");
        id = matches.length++;
        Match storage m = matches[id];
        m.opener = msg.sender;
        m.stake = uint128(msg.value);
        emit Opened(id, msg.sender, msg.value);
    }

    function cancel(uint256 id) external exists(id) {
        Match storage m = matches[id];
        require(m.opener == msg.sender && m.rival == address(0));
        m.over = true;
        purse[msg.sender] += m.stake;
        emit Cancelled(id);
    }

    function join(uint256 id) external payable exists(id) {
        Match storage m = matches[id];
        require(m.rival == address(0), "taken");
        require(m.opener != msg.sender, "own match");
        require(msg.value == m.stake, "match the stake");
        m.rival = msg.sender;
        m.fightBlock = uint64(block.number + 2);
        emit Joined(id, msg.sender);
    }

    // anyone may call once the block of the fight is mined
    function fight(uint256 id) external exists(id) {
        Match storage m = matches[id];
        require(m.rival != address(0), "no rival yet");
        require(block.number > m.fightBlock, "wait");
        uint256 strength = uint256(keccak256(abi.encodePacked(blockhash(m.fightBlock), id))); // <-- randomness
        settle(id, strength & 1 == 0 ? m.opener : m.rival);
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
