// SPDX-License-Identifier: MIT
pragma solidity ^0.4.24;

/// @title Table for heads or tails against the house
/// @notice The house places a hashed number on the table, then a player calls a side and gives a number.
contract CoinTable {
    struct Round {
        bytes32 houseHash;
        address player;
        bool heads;
        uint256 playerNumber;
        uint256 stake;
        uint256 answerBy;
        bool over;
    }

    uint256 public constant MAX_STAKE = 5 ether;
    uint256 public constant ANSWER_TIME = 1 days;

    address public house;
    uint256 public bank;
    uint256 public rounds;
    mapping(uint256 => Round) private table;
    mapping(address => uint256) public credit;

    event RoundOpened(uint256 indexed id, bytes32 houseHash);
    event Called(uint256 indexed id, address indexed player, bool heads, uint256 stake);
    event RoundOver(uint256 indexed id, bool playerWon);

    modifier onlyHouse() {
        require(msg.sender == house, "only the house");
        _;
    }

    constructor() public {
        house = msg.sender;
    }

    function fill() external payable onlyHouse {
        bank += msg.value;
    }

    function open(bytes32 houseHash) external onlyHouse returns (uint256 id) {
        require(houseHash != bytes32(0), "no hash");
        id = ++rounds;
        table[id].houseHash = houseHash;
        emit RoundOpened(id, houseHash);
    }

    /// @notice Call a side; a matching stake of the bank is set aside until the round is over.
    function call(uint256 id, bool heads, uint256 playerNumber) external payable {
        Round storage round = table[id];
        require(round.houseHash != bytes32(0) && round.player == address(0), "round not open");
        require(msg.value > 0 && msg.value <= MAX_STAKE && msg.value <= bank, "stake out of range");
        bank -= msg.value;
        round.player = msg.sender;
        round.heads = heads;
        round.playerNumber = playerNumber;
        round.stake = msg.value;
        round.answerBy = now + ANSWER_TIME;
        emit Called(id, msg.sender, heads, msg.value);
        bool landedHeads = uint256(keccak256(abi.encodePacked(now, block.difficulty, playerNumber))) % 2 == 0; // <-- randomness
        finish(id, landedHeads == heads);
    }

    /// @notice The house closes rounds that nobody called.
    function withdrawRound(uint256 id, uint256 houseNumber) external onlyHouse {
        Round storage round = table[id];
        require(round.player == address(0) && !round.over, "round was called");
        require(keccak256(abi.encodePacked(id, houseNumber)) == round.houseHash, "not the number");
        round.over = true;
        delete round.houseHash;
    }

    /// @notice Rounds without an answer count as won by the player.
    function claimUnanswered(uint256 id) external {
        Round storage round = table[id];
        require(round.player == msg.sender && !round.over, "not your round");
        require(now > round.answerBy, "the house has time left");
        finish(id, true);
    }

    function cashOut() external {
        uint256 amount = credit[msg.sender];
        require(amount > 0, "no credit");
        credit[msg.sender] = 0;
        msg.sender.transfer(amount);
    }

    function finish(uint256 id, bool playerWon) internal {
        Round storage round = table[id];
        round.over = true;
        // stakes are at most five ether, so doubling one cannot leave the range
        uint256 both = round.stake * 2;
        if (playerWon) {
            credit[round.player] += both;
        } else {
            bank += both;
        }
        emit RoundOver(id, playerWon);
    }
}
