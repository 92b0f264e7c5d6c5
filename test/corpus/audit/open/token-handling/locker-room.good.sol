// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

/// @title LockerRoom
/// @notice Time lockers for NFTs. The owner of a locker, which may be a plain account or a contract
///         wallet, decides on release who receives the piece.
contract LockerRoom {
    enum Door {
        Closed,
        InUse
    }

    struct Locker {
        address owner;
        IERC721 collection;
        uint256 tokenId;
        uint64 opensAt;
    }

    uint64 public constant MAX_LOCK = 4 * 365 days;

    mapping(uint256 => Locker) public lockers;
    uint256 public lockerCount;
    Door private door;

    event Stored(uint256 indexed locker, address indexed owner, address indexed collection, uint256 tokenId);
    event Prolonged(uint256 indexed locker, uint64 opensAt);
    event KeyPassed(uint256 indexed locker, address indexed owner);
    event Released(uint256 indexed locker, address indexed to);

    error DoorInUse();
    error NotYours();
    error TooEarly();
    error BadTime();

    modifier throughDoor() {
        if (door == Door.InUse) revert DoorInUse();
        door = Door.InUse;
        _;
        door = Door.Closed;
    }

    modifier onlyKeyHolder(uint256 locker) {
        if (lockers[locker].owner != msg.sender) revert NotYours();
        _;
    }

    function store(IERC721 collection, uint256 tokenId, uint64 opensAt) external throughDoor returns (uint256 locker) {
        if (opensAt < block.timestamp || opensAt > block.timestamp + MAX_LOCK) revert BadTime();
        require(collection.ownerOf(tokenId) == msg.sender, "not the holder");
        locker = ++lockerCount;
        lockers[locker] = Locker(msg.sender, collection, tokenId, opensAt);
        emit Stored(locker, msg.sender, address(collection), tokenId);
        collection.transferFrom(msg.sender, address(this), tokenId);
        require(collection.ownerOf(tokenId) == address(this), "not stored");
    }

    function prolong(uint256 locker, uint64 opensAt) external onlyKeyHolder(locker) {
        if (opensAt < lockers[locker].opensAt || opensAt > block.timestamp + MAX_LOCK) revert BadTime();
        lockers[locker].opensAt = opensAt;
        emit Prolonged(locker, opensAt);
    }

    function passKey(uint256 locker, address to) external onlyKeyHolder(locker) {
        require(to != address(0), "no owner");
        lockers[locker].owner = to;
        emit KeyPassed(locker, to);
    }

    /// @param to any account; marketplaces and vaults are common receivers
    function release(uint256 locker, address to) external throughDoor onlyKeyHolder(locker) {
        Locker memory l = lockers[locker];
        if (block.timestamp < l.opensAt) revert TooEarly();
        require(to != address(0) && to != address(this), "bad receiver");
        delete lockers[locker];
        emit Released(locker, to);
        l.collection.safeTransferFrom(address(this), to, l.tokenId);
    }
}
