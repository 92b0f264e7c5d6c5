// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Royalties of a recording studio
contract StudioRoyalties {
    struct Artist {
        uint16 share;
        uint96 earned;
        uint96 paid;
    }

    uint16 public constant WHOLE = 10_000;

    address public manager;
    uint16 public allotted;
    uint256 public reserved;
    mapping(address => Artist) public artists;

    event ArtistAdded(address indexed artist, uint16 share);
    event Income(address indexed payer, address indexed origin, uint256 amount);
    event Earned(address indexed artist, uint96 amount);
    event Paid(address indexed artist, uint96 amount);
    event ManagerChanged(address indexed manager);
    event RestTaken(address indexed to, uint256 amount);

    error NotManager();
    error ShareTooBig();
    error PaymentFailed();

    constructor() {
        manager = msg.sender;
    }

    receive() external payable {
        emit Income(msg.sender, tx.origin, msg.value);
    }

    function addArtist(address artist, uint16 share) external {
        if (msg.sender != manager) revert NotManager();
        require(artist != address(0) && artists[artist].share == 0, "artist");
        if (share == 0 || allotted + share > WHOLE) revert ShareTooBig();
        allotted += share;
        artists[artist].share = share;
        emit ArtistAdded(artist, share);
    }

    /// @notice Books the artist's part of an income.
    function book(address artist, uint96 income) external {
        if (msg.sender != manager) revert NotManager();
        Artist storage a = artists[artist];
        require(a.share > 0, "artist");
        uint96 part = uint96((uint256(income) * a.share) / WHOLE);
        require(address(this).balance >= reserved + part, "not covered");
        reserved += part;
        a.earned += part;
        emit Earned(artist, part);
    }

    function draw() external {
        Artist storage a = artists[msg.sender];
        uint96 due = a.earned - a.paid;
        require(due > 0, "nothing due");
        a.paid = a.earned;
        reserved -= due;
        emit Paid(msg.sender, due);
        _send(msg.sender, due);
    }

    function takeRest(address to) external {
        if (msg.sender != manager) revert NotManager();
        require(to != address(0), "to");
        uint256 rest = address(this).balance - reserved;
        emit RestTaken(to, rest);
        _send(to, rest);
    }

    function changeManager(address next) external {
        if (manager != msg.sender) {
            revert NotManager();
        }
        require(next != address(0), "next");
        manager = next;
        emit ManagerChanged(next);
    }

    function _send(address to, uint256 amount) private {
        (bool ok, ) = to.call{value: amount}("");
        if (!ok) revert PaymentFailed();
    }
}
