// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

/// @notice Prepaid credits for an arcade. One credit is bought for PRICE wei, can be spent on a
///         machine, given to a friend or cashed out.
contract ArcadeCredits {
    uint256 public constant PRICE = 1e15;
    uint256 private constant IDLE = 1;
    uint256 private constant BUSY = 2;

    address public operator;
    uint256 public takings;
    uint256 private state = IDLE;
    mapping(address => uint256) private credits;

    event Bought(address indexed player, uint256 count);
    event Given(address indexed from, address indexed to, uint256 count);
    event Played(address indexed player, uint256 indexed machine, uint256 count);
    event CashedOut(address indexed player, uint256 count);
    event TakingsPaid(uint256 amount);

    modifier single() {
        require(state == IDLE, "busy");
        state = BUSY;
        _;
        state = IDLE;
    }

    modifier onlyOperator() {
        require(msg.sender == operator, "operator only");
        _;
    }

    constructor() {
        operator = msg.sender;
    }

    function creditsOf(address player) external view returns (uint256) {
        require(state == IDLE, "busy");
        return credits[player];
    }

    function buy() external payable single {
        require(msg.value > 0 && msg.value % PRICE == 0, "send a multiple of the price");
        uint256 count = msg.value / PRICE;
        credits[msg.sender] = _add(credits[msg.sender], count);
        emit Bought(msg.sender, count);
    }

    function give(address to, uint256 count) external single {
        require(to != address(0) && to != msg.sender, "bad receiver");
        credits[msg.sender] = _sub(credits[msg.sender], count);
        credits[to] = _add(credits[to], count);
        emit Given(msg.sender, to, count);
    }

    function play(uint256 machine, uint256 count) external single {
        require(count > 0, "zero count");
        credits[msg.sender] = _sub(credits[msg.sender], count);
        takings = _add(takings, count * PRICE);
        emit Played(msg.sender, machine, count);
    }

    /// @notice Turn all credits of the caller back into ether.
    function cashOut() external single {
        uint256 count = credits[msg.sender];
        require(count > 0, "no credits");
        (bool sent, ) = msg.sender.call{value: count * PRICE}("");
        require(sent, "transfer failed");
        credits[msg.sender] = 0;
        emit CashedOut(msg.sender, count);
    }

    function collectTakings() external onlyOperator single {
        uint256 amount = takings;
        takings = 0;
        emit TakingsPaid(amount);
        (bool sent, ) = operator.call{value: amount}("");
        require(sent, "transfer failed");
    }

    function _add(uint256 a, uint256 b) private pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "overflow");
    }

    function _sub(uint256 a, uint256 b) private pure returns (uint256) {
        require(b <= a, "not enough credits");
        return a - b;
    }
}
