// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @notice Verifiable random words, delivered some blocks after the request.
interface IWordSource {
    function requestWord() external returns (uint256 requestId);
}

/// @title Relics whose grade shows only after the whole edition is sold
contract MysteryRelics is ERC721, Ownable {
    uint256 public constant PRICE = 0.08 ether;
    uint256 public constant EDITION = 1_000;
    uint256 public constant PER_WALLET = 4;

    IWordSource public immutable source;
    bytes32 public immutable artworkHash;
    uint256 public minted;
    uint256 public offset;
    uint256 public requestId;
    bool public requested;
    bool public revealed;
    mapping(address => uint256) public boughtBy;

    event Bought(address indexed collector, uint256 tokenId);
    event RevealStarted(uint256 requestId);
    event Revealed(uint256 offset);

    error WrongPayment();
    error LimitReached();
    error NotSoldOut();
    error AlreadyStarted();
    error NotTheSource();

    constructor(IWordSource source_, bytes32 artworkHash_) ERC721("Mystery Relics", "RELIC") Ownable(msg.sender) {
        require(address(source_) != address(0), "no source");
        source = source_;
        artworkHash = artworkHash_;
    }

    function buy() external payable returns (uint256 tokenId) {
        if (msg.value != PRICE) revert WrongPayment();
        if (boughtBy[msg.sender] >= PER_WALLET || minted >= EDITION) revert LimitReached();
        boughtBy[msg.sender] += 1;
        tokenId = minted++;
        _mint(msg.sender, tokenId);
        emit Bought(msg.sender, tokenId);
    }

    /// @notice Anybody may start the reveal once the edition is sold out.
    function startReveal() external {
        if (minted < EDITION) revert NotSoldOut();
        if (requested) revert AlreadyStarted();
        requested = true;
        requestId = source.requestWord();
        emit RevealStarted(requestId);
    }

    function receiveWord(uint256 id, uint256 word) external {
        if (msg.sender != address(source)) revert NotTheSource();
        if (!requested || revealed || id != requestId) revert NotTheSource();
        _reveal(Entropy.mix(address(this), word));
    }

    /// @notice Grade 0 is the rarest; there are ten relics of it.
    function gradeOf(uint256 tokenId) external view returns (uint256) {
        _requireOwned(tokenId);
        require(revealed, "not revealed");
        uint256 place = (tokenId + offset) % EDITION;
        if (place < 10) return 0;
        return place < 150 ? 1 : 2;
    }

    function takeProceeds() external onlyOwner {
        (bool ok, ) = owner().call{value: address(this).balance}("");
        require(ok, "payment refused");
    }

    function _reveal(uint256 word) private {
        revealed = true;
        offset = word % EDITION;
        emit Revealed(offset);
    }
}

library Entropy {
    function mix(address salt, uint256 word) internal pure returns (uint256) {
        return uint256(keccak256(abi.encodePacked(word, salt)));
    }
}
