// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @notice Verifiable random words, delivered some blocks after the request.
interface IWordSource {
    function requestWord() external returns (uint256 requestId);
}

/// @title Shuffling without a stored deck
library Deck {
    struct Data {
        mapping(uint256 => uint256) moved;
        uint256 left;
    }

    error Empty();

    /// @dev Takes the card at a place and fills the gap with the last one.
    function take(Data storage deck, uint256 place) internal returns (uint256 card) {
        if (deck.left == 0) revert Empty();
        place = place % deck.left;
        uint256 last = deck.left - 1;
        card = _at(deck, place);
        deck.moved[place] = _at(deck, last) + 1;
        delete deck.moved[last];
        deck.left = last;
    }

    function _at(Data storage deck, uint256 place) private view returns (uint256) {
        uint256 value = deck.moved[place];
        return value == 0 ? place : value - 1;
    }
}

/// @title Sale of numbered prints in random order; low numbers are the sought-after ones
contract GalleryOrder {
    using Deck for Deck.Data;

    uint256 public constant PRICE = 0.2 ether;
    uint256 public constant PRINTS = 500;

    IWordSource public immutable source;
    address public immutable gallery;
    Deck.Data private _deck;
    uint256 public ordered;
    mapping(uint256 => address) public collectorOf;
    mapping(uint256 => address) public printOwner;

    event Ordered(uint256 indexed orderId, address indexed collector);
    event Filled(uint256 indexed orderId, address indexed collector, uint256 print);
    event PrintGiven(uint256 indexed print, address indexed from, address indexed to);

    constructor(IWordSource source_) {
        require(address(source_) != address(0), "no source");
        source = source_;
        gallery = msg.sender;
        _deck.left = PRINTS;
    }

    function order() external payable returns (uint256 orderId) {
        require(msg.value == PRICE, "wrong payment");
        require(ordered < PRINTS, "sold out");
        ordered += 1;
        orderId = source.requestWord();
        collectorOf[orderId] = msg.sender;
        emit Ordered(orderId, msg.sender);
    }

    /// @notice Called by the source; the order carries the number of the request.
    function receiveWord(uint256 orderId, uint256 word) external {
        require(msg.sender == address(source), "only the source");
        _fill(orderId, _placeFor(orderId, word));
    }

    function give(uint256 print, address to) external {
        require(printOwner[print] == msg.sender, "not your print");
        require(to != address(0), "no receiver");
        printOwner[print] = to;
        emit PrintGiven(print, msg.sender, to);
    }

    function takeProceeds() external {
        require(msg.sender == gallery, "only the gallery");
        (bool ok, ) = gallery.call{value: address(this).balance}("");
        require(ok, "payment refused");
    }

    /// @notice Provenance note: the block that a printed certificate refers to.
    function certificate(uint256 print) external view returns (bytes32) {
        require(printOwner[print] != address(0), "not sold");
        return keccak256(abi.encode(address(this), print, printOwner[print], block.number));
    }

    function _fill(uint256 orderId, uint256 place) internal {
        address collector = collectorOf[orderId];
        require(collector != address(0), "unknown order");
        delete collectorOf[orderId];
        uint256 print = _deck.take(place);
        printOwner[print] = collector;
        emit Filled(orderId, collector, print);
    }

    function _placeFor(uint256 orderId, uint256 word) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(word, orderId)));
    }
}
