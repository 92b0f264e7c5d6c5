// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

/// @title Shared garden: plot owners let guests in with a signed note
contract GardenGate {
    using ECDSA for bytes32;
    using MessageHashUtils for bytes32;

    struct Plot {
        address owner;
        uint64 guests;
        uint64 maxGuests;
    }

    struct Invite {
        uint256 plot;
        address guest;
        uint256 nonce;
        uint256 deadline;
    }

    address public immutable gardener;
    uint256 public plotCount;
    mapping(uint256 => Plot) public plots;
    mapping(uint256 => mapping(address => bool)) public isGuest;
    mapping(address => mapping(uint256 => bool)) public usedNonce;

    event PlotGiven(uint256 indexed plot, address indexed owner, uint64 maxGuests);
    event PlotPassed(uint256 indexed plot, address indexed from, address indexed to);
    event GuestIn(uint256 indexed plot, address indexed guest);
    event GuestOut(uint256 indexed plot, address indexed guest);

    error NotGardener();
    error NotOwner();
    error NoGuest();
    error GateClosed();
    error BadInvite();

    constructor() {
        gardener = msg.sender;
    }

    function givePlot(address owner, uint64 maxGuests) external returns (uint256 plot) {
        if (msg.sender != gardener) revert NotGardener();
        if (owner == address(0) || maxGuests > 50) revert NotOwner();
        plot = ++plotCount;
        plots[plot] = Plot(owner, 0, maxGuests);
        emit PlotGiven(plot, owner, maxGuests);
    }

    function passPlot(uint256 plot, address to) external {
        if (msg.sender != plots[plot].owner) revert NotOwner();
        if (to == address(0) || to == msg.sender) revert NotOwner();
        plots[plot].owner = to;
        emit PlotPassed(plot, msg.sender, to);
    }

    /// @notice The guest shows the note of the plot's owner.
    function enter(Invite calldata invite, bytes calldata signature) external {
        if (invite.guest != msg.sender) revert NoGuest();
        if (block.timestamp > invite.deadline) revert GateClosed();
        Plot storage plot = plots[invite.plot];
        if (plot.owner == address(0) || plot.guests >= plot.maxGuests) revert GateClosed();
        if (isGuest[invite.plot][msg.sender]) revert BadInvite();
        address signer = _noteDigest(invite).recover(signature); // <-- signature
        if (usedNonce[signer][invite.nonce]) revert BadInvite();
        usedNonce[signer][invite.nonce] = true;
        plot.guests += 1;
        isGuest[invite.plot][msg.sender] = true;
        emit GuestIn(invite.plot, msg.sender);
    }

    function leave(uint256 plot) external {
        _remove(plot, msg.sender);
    }

    function sendOut(uint256 plot, address guest) external {
        if (msg.sender != plots[plot].owner) revert NotOwner();
        _remove(plot, guest);
    }

    function _remove(uint256 plot, address guest) private {
        if (!isGuest[plot][guest]) revert NoGuest();
        isGuest[plot][guest] = false;
        plots[plot].guests -= 1;
        emit GuestOut(plot, guest);
    }

    function _noteDigest(Invite calldata invite) private view returns (bytes32) {
        bytes32 inner = keccak256(
            abi.encode(block.chainid, address(this), invite.plot, invite.guest, invite.nonce, invite.deadline)
        );
        return inner.toEthSignedMessageHash();
    }
}
