// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @notice Verifiable random words, delivered some blocks after the request.
interface IWordSource {
    function requestWord() external returns (uint256 requestId);
}

/// @title Eggs that hatch into dragons
contract DragonHatchery is ERC721 {
    struct Dragon {
        bool hatched;
        uint8 strength;
        uint8 element;
        bool golden;
    }

    uint256 public constant EGG_PRICE = 0.05 ether;
    uint256 public constant SUPPLY = 4_000;
    uint8 private constant ELEMENTS = 5;

    IWordSource public immutable source;
    address public immutable keeper;
    uint256 public minted;
    mapping(uint256 => Dragon) public dragons;
    mapping(uint256 => uint256) public eggOfRequest;
    mapping(uint256 => bool) public warming;

    event EggLaid(uint256 indexed tokenId, address indexed owner);
    event Hatched(uint256 indexed tokenId, uint8 strength, uint8 element, bool golden);
    event Earned(uint256 amount);

    error WrongPayment();
    error SoldOut();
    error NotYourEgg();
    error AlreadyWarm();
    error OnlySource();

    constructor(IWordSource source_) ERC721("Hatchery Dragon", "DRGN") {
        require(address(source_) != address(0), "no source");
        source = source_;
        keeper = msg.sender;
    }

    function layEgg() external payable returns (uint256 tokenId) {
        if (msg.value != EGG_PRICE) revert WrongPayment();
        if (minted >= SUPPLY) revert SoldOut();
        tokenId = ++minted;
        _mint(msg.sender, tokenId);
        emit EggLaid(tokenId, msg.sender);
    }

    /// @notice Warms an egg, whereupon it hatches.
    function hatch(uint256 tokenId) external {
        if (ownerOf(tokenId) != msg.sender) revert NotYourEgg();
        if (warming[tokenId]) revert AlreadyWarm();
        warming[tokenId] = true;
        uint256 requestId = source.requestWord();
        eggOfRequest[requestId] = tokenId;
    }

    function receiveWord(uint256 requestId, uint256 word) external {
        if (msg.sender != address(source)) revert OnlySource();
        uint256 tokenId = eggOfRequest[requestId];
        delete eggOfRequest[requestId];
        _hatch(tokenId, _spread(word, tokenId));
    }

    function earn() external {
        require(msg.sender == keeper, "only the keeper");
        uint256 amount = address(this).balance;
        emit Earned(amount);
        (bool ok, ) = keeper.call{value: amount}("");
        require(ok, "payment refused");
    }

    function _hatch(uint256 tokenId, uint256 dna) internal {
        Dragon storage dragon = dragons[tokenId];
        require(warming[tokenId] && !dragon.hatched, "not an egg");
        dragon.hatched = true;
        dragon.strength = uint8(1 + (dna & 0xffff) % 100);
        dragon.element = uint8(((dna >> 16) & 0xffff) % ELEMENTS);
        dragon.golden = ((dna >> 32) & 0xffffffff) % 200 == 0;
        emit Hatched(tokenId, dragon.strength, dragon.element, dragon.golden);
    }

    /// @dev Every egg has its own dna, even if two were to get the same word.
    function _spread(uint256 word, uint256 tokenId) private view returns (uint256) {
        return uint256(keccak256(abi.encode(word, address(this), tokenId)));
    }
}
