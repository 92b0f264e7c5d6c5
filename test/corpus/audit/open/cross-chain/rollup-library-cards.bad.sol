// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

interface IRollupMessenger {
    function xDomainMessageSender() external view returns (address);
    function sendMessage(address target, bytes calldata message, uint32 gasLimit) external;
}

abstract contract RollupLinked {
    IRollupMessenger public immutable messenger;
    address public immutable counterpart;

    constructor(IRollupMessenger messenger_, address counterpart_) {
        require(address(messenger_) != address(0) && counterpart_ != address(0), "zero");
        messenger = messenger_;
        counterpart = counterpart_;
    }

    modifier onlyFromCounterpart() {
        require(msg.sender == address(messenger), "not from the other side"); // <-- cross-chain
        _;
    }

    function _tell(bytes memory message) internal {
        messenger.sendMessage(counterpart, message, 300000);
    }
}

/// @title Library cards that are moved between the main chain and a rollup
contract RollupLibraryCards is RollupLinked {
    struct Card {
        address reader;
        uint16 books;
        bool here;
    }

    address public immutable librarian;
    mapping(uint256 => Card) public cards;
    uint256 public lastCard;

    event CardIssued(uint256 indexed id, address indexed reader);
    event CardLeft(uint256 indexed id, address indexed reader);
    event CardArrived(uint256 indexed id, address indexed reader);
    event BookLent(uint256 indexed id, uint16 books);

    constructor(IRollupMessenger messenger_, address counterpart_)
        RollupLinked(messenger_, counterpart_)
    {
        librarian = msg.sender;
    }

    function issue(address reader) external returns (uint256 id) {
        require(msg.sender == librarian, "not the librarian");
        require(reader != address(0), "reader");
        id = ++lastCard;
        cards[id] = Card(reader, 0, true);
        emit CardIssued(id, reader);
    }

    function lend(uint256 id, uint16 books) external {
        require(msg.sender == librarian, "not the librarian");
        require(cards[id].here && books <= 20, "card");
        cards[id].books = books;
        emit BookLent(id, books);
    }

    function sendAway(uint256 id) external {
        Card storage card = cards[id];
        require(card.here && card.reader == msg.sender, "not your card");
        require(card.books == 0, "books are out");
        card.here = false;
        emit CardLeft(id, msg.sender);
        _tell(abi.encodeWithSelector(this.arrive.selector, id, msg.sender));
    }

    function arrive(uint256 id, address reader) external onlyFromCounterpart {
        require(reader != address(0), "reader");
        require(!cards[id].here, "here already");
        cards[id] = Card(reader, 0, true);
        emit CardArrived(id, reader);
    }
}
