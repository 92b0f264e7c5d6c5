// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice Verifiable random words, delivered some blocks after the request.
interface IWordSource {
    function requestWord() external returns (uint256 requestId);
}

/// @title Common part of all draws of the association
abstract contract DrawBase {
    IWordSource public immutable source;
    uint256 public pendingRequest;
    bool public drawing;

    event Drawing(uint256 requestId);

    constructor(IWordSource source_) {
        require(address(source_) != address(0), "no source");
        source = source_;
    }

    /// @dev Starts a draw over `count` entries; `_drawn` gets the number of the entry.
    function _startDraw(uint256 count) internal {
        require(!drawing && count > 0, "cannot draw");
        drawing = true;
        pendingRequest = source.requestWord();
        emit Drawing(pendingRequest);
    }

    function receiveWord(uint256 requestId, uint256 word) external {
        require(msg.sender == address(source), "only the source");
        require(drawing && requestId == pendingRequest, "no such draw");
        drawing = false;
        _drawn(word % _entryCount());
    }

    function _entryCount() internal view virtual returns (uint256);

    function _drawn(uint256 entry) internal virtual;
}

/// @title Monthly lottery of a village
contract VillageLottery is DrawBase {
    uint256 public constant STAKE = 0.02 ether;
    uint256 public constant ROUND_TIME = 30 days;

    uint256 public roundEnds;
    uint256 public roundNumber = 1;
    mapping(uint256 => address[]) private _entries;
    mapping(address => uint256) public winnings;

    event Entered(uint256 indexed round, address indexed villager);
    event RoundWon(uint256 indexed round, address indexed villager, uint256 amount);

    constructor(IWordSource source_) DrawBase(source_) {
        roundEnds = block.timestamp + ROUND_TIME;
    }

    function enter() external payable {
        require(block.timestamp < roundEnds && !drawing, "round is closed");
        require(msg.value == STAKE, "wrong stake");
        _entries[roundNumber].push(msg.sender);
        emit Entered(roundNumber, msg.sender);
    }

    function drawRound() external {
        require(block.timestamp >= roundEnds, "round is open");
        _startDraw(_entryCount());
    }

    /// @notice A month without entries is skipped.
    function skipRound() external {
        require(block.timestamp >= roundEnds && _entryCount() == 0, "has entries");
        roundEnds = block.timestamp + ROUND_TIME;
    }

    function collect() external {
        uint256 amount = winnings[msg.sender];
        require(amount > 0, "no winnings");
        winnings[msg.sender] = 0;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment refused");
    }

    function _entryCount() internal view override returns (uint256) {
        return _entries[roundNumber].length;
    }

    function _drawn(uint256 entry) internal override {
        address villager = _entries[roundNumber][entry];
        uint256 amount = _entryCount() * STAKE;
        winnings[villager] += amount;
        emit RoundWon(roundNumber, villager, amount);
        roundNumber += 1;
        roundEnds = block.timestamp + ROUND_TIME;
    }
}
