// SPDX-License-Identifier: MIT
pragma solidity ^0.8.22;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Ownable2Step, Ownable} from "@openzeppelin/contracts/access/Ownable2Step.sol";

/// @title Marketplace for prints: listings on chain and signed offers off chain
contract PrintMarketplace is EIP712, ReentrancyGuard, Ownable2Step {
    using ERC165Checker for address;

    struct Listing {
        address seller;
        uint96 price;
        uint64 expiry;
    }

    struct Ask {
        address seller;
        address collection;
        uint256 id;
        uint256 price;
        uint256 nonce;
        uint256 deadline;
    }

    bytes32 private constant ASK_TYPEHASH = keccak256(
        "Ask(address seller,address collection,uint256 id,uint256 price,uint256 nonce,uint256 deadline)"
    );
    uint256 private constant BASIS = 10_000;
    uint256 public constant MAX_FEE = 500;
    uint256 public constant MAX_ROYALTY = 1_000;

    uint256 public fee = 250;
    mapping(address => bool) public collections;
    mapping(address => mapping(uint256 => Listing)) public listings;
    mapping(address => mapping(uint256 => bool)) public nonceUsed;
    mapping(address => uint256) public proceeds;

    event CollectionSet(address indexed collection, bool listed);
    event Listed(address indexed collection, uint256 indexed id, address indexed seller, uint96 price);
    event Unlisted(address indexed collection, uint256 indexed id);
    event Sold(address indexed collection, uint256 indexed id, address seller, address buyer, uint256 price);
    event NonceCancelled(address indexed seller, uint256 nonce);
    event ProceedsPaid(address indexed account, uint256 amount);
    event FeeSet(uint256 fee);

    error NotListed();
    error WrongPrice(uint256 price);
    error Expired();
    error BadSignature();
    error NonceUsed();
    error NotHolder();

    constructor() EIP712("PrintMarketplace", "1") Ownable(msg.sender) {}

    function setCollection(address collection, bool listed) external onlyOwner {
        require(collection.supportsInterface(type(IERC721).interfaceId), "no ERC-721");
        collections[collection] = listed;
        emit CollectionSet(collection, listed);
    }

    function setFee(uint256 next) external onlyOwner {
        require(next <= MAX_FEE, "fee");
        fee = next;
        emit FeeSet(next);
    }

    function list(address collection, uint256 id, uint96 price, uint64 expiry) external {
        require(collections[collection], "collection");
        require(price > 0 && expiry > block.timestamp, "terms");
        if (IERC721(collection).ownerOf(id) != msg.sender) revert NotHolder();
        listings[collection][id] = Listing(msg.sender, price, expiry);
        emit Listed(collection, id, msg.sender, price);
    }

    /// @notice The seller may take a listing down, or anybody when the print has moved on.
    function unlist(address collection, uint256 id) external {
        address seller = listings[collection][id].seller;
        if (seller == address(0)) revert NotListed();
        if (msg.sender != seller && IERC721(collection).ownerOf(id) == seller) revert NotHolder();
        delete listings[collection][id];
        emit Unlisted(collection, id);
    }

    /// @param expected the price the buyer has seen; a later change makes this revert
    function buy(address collection, uint256 id, uint256 expected) external payable nonReentrant {
        Listing memory l = listings[collection][id];
        if (l.seller == address(0) || !collections[collection]) revert NotListed();
        if (block.timestamp > l.expiry) revert Expired();
        if (l.price != expected || msg.value != expected) revert WrongPrice(l.price);
        delete listings[collection][id];
        _exchange(collection, id, l.seller, l.price);
    }

    function buySigned(Ask calldata ask, bytes calldata signature) external payable nonReentrant {
        if (!collections[ask.collection]) revert NotListed();
        if (block.timestamp > ask.deadline) revert Expired();
        if (msg.value != ask.price) revert WrongPrice(ask.price);
        if (nonceUsed[ask.seller][ask.nonce]) revert NonceUsed();
        nonceUsed[ask.seller][ask.nonce] = true;
        if (!SignatureChecker.isValidSignatureNow(ask.seller, askDigest(ask), signature)) {
            revert BadSignature();
        }
        delete listings[ask.collection][ask.id];
        _exchange(ask.collection, ask.id, ask.seller, ask.price);
    }

    function cancelNonce(uint256 nonce) external {
        nonceUsed[msg.sender][nonce] = true;
        emit NonceCancelled(msg.sender, nonce);
    }

    function withdraw() external nonReentrant {
        uint256 amount = proceeds[msg.sender];
        proceeds[msg.sender] = 0;
        emit ProceedsPaid(msg.sender, amount);
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment failed");
    }

    function askDigest(Ask calldata ask) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    ASK_TYPEHASH,
                    ask.seller,
                    ask.collection,
                    ask.id,
                    ask.price,
                    ask.nonce,
                    ask.deadline
                )
            )
        );
    }

    function _exchange(address collection, uint256 id, address seller, uint256 price) private {
        if (IERC721(collection).ownerOf(id) != seller) revert NotHolder();
        address house = owner();
        uint256 toHouse = house == address(0) ? 0 : (price * fee) / BASIS;
        (address artist, uint256 royalty) = _royalty(collection, id, price);
        proceeds[house] += toHouse;
        proceeds[artist] += royalty;
        proceeds[seller] += price - toHouse - royalty;
        emit Sold(collection, id, seller, msg.sender, price);
        IERC721(collection).safeTransferFrom(seller, msg.sender, id);
    }

    function _royalty(address collection, uint256 id, uint256 price)
        private
        view
        returns (address artist, uint256 amount)
    {
        if (!collection.supportsInterface(type(IERC2981).interfaceId)) return (address(0), 0);
        (artist, amount) = IERC2981(collection).royaltyInfo(id, price);
        if (artist == address(0)) return (artist, 0);
        uint256 most = (price * MAX_ROYALTY) / BASIS;
        if (amount > most) amount = most;
    }
}
