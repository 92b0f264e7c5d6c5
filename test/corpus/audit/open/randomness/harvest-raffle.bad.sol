// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice Verifiable random words, delivered some blocks after the request.
interface IWordSource {
    function requestWord() external returns (uint256 requestId);
}

/// @title Raffle of the harvest festival
/// @notice One ticket per payment; after the closing date one ticket takes the pot.
contract HarvestRaffle {
    enum Phase { Open, Drawing, Drawn }

    uint256 public constant TICKET_PRICE = 0.01 ether;
    uint256 public constant MAX_TICKETS = 5_000;

    IWordSource public immutable source;
    uint256 public immutable closesAt;
    Phase public phase;
    address[] private _tickets;
    address public winner;
    uint256 public prize;
    uint256 public requestId;
    mapping(address => uint256) public ticketsOf;

    event TicketBought(address indexed buyer, uint256 number);
    event DrawStarted(uint256 tickets);
    event WinnerDrawn(address indexed winner, uint256 prize);
    event PrizePaid(address indexed winner, uint256 prize);

    modifier inPhase(Phase wanted) {
        require(phase == wanted, "wrong phase");
        _;
    }

    constructor(IWordSource source_, uint256 daysOpen) {
        require(address(source_) != address(0), "no source");
        require(daysOpen >= 3 && daysOpen <= 90, "days out of range");
        source = source_;
        closesAt = block.timestamp + daysOpen * 1 days;
    }

    function buy() external payable inPhase(Phase.Open) {
        require(block.timestamp < closesAt, "closed");
        require(msg.value == TICKET_PRICE, "wrong payment");
        require(_tickets.length < MAX_TICKETS, "sold out");
        _tickets.push(msg.sender);
        ticketsOf[msg.sender] += 1;
        emit TicketBought(msg.sender, _tickets.length - 1);
    }

    /// @notice Anybody may start the draw once the raffle is closed.
    function draw() external inPhase(Phase.Open) {
        require(block.timestamp >= closesAt, "still open");
        require(_tickets.length > 0, "no tickets");
        phase = Phase.Drawing;
        emit DrawStarted(_tickets.length);
        uint256 index = uint256(keccak256(abi.encodePacked(block.timestamp, block.prevrandao, msg.sender))) % _tickets.length; // <-- randomness
        _finish(index);
    }

    function collect() external inPhase(Phase.Drawn) {
        require(msg.sender == winner, "not the winner");
        uint256 amount = prize;
        require(amount > 0, "already paid");
        prize = 0;
        emit PrizePaid(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment refused");
    }

    function ticketCount() external view returns (uint256) {
        return _tickets.length;
    }

    function _finish(uint256 index) private {
        phase = Phase.Drawn;
        winner = _tickets[index];
        prize = _tickets.length * TICKET_PRICE;
        emit WinnerDrawn(winner, prize);
    }
}
