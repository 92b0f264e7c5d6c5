// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

struct Origin {
    uint32 srcEid;
    bytes32 sender;
    uint64 nonce;
}

interface IMessageEndpoint {
    function setDelegate(address delegate) external;
}

/// @title Receives harbour passes that were bought on other chains
contract HarbourPassReceiver {
    struct Pass {
        uint64 validUntil;
        uint32 boughtOn;
    }

    IMessageEndpoint public immutable endpoint;
    address public immutable harbourMaster;
    mapping(uint32 => bytes32) public peers;
    mapping(address => Pass) public passes;

    event PeerSet(uint32 indexed eid, bytes32 peer);
    event PassReceived(address indexed skipper, uint64 validUntil, uint32 indexed eid);
    event PassRevoked(address indexed skipper);

    error NotHarbourMaster();
    error OnlyEndpoint(address caller);
    error UnknownPeer(uint32 eid, bytes32 sender);

    modifier onlyHarbourMaster() {
        if (msg.sender != harbourMaster) revert NotHarbourMaster();
        _;
    }

    constructor(IMessageEndpoint endpoint_) {
        require(address(endpoint_) != address(0), "endpoint");
        endpoint = endpoint_;
        harbourMaster = msg.sender;
        endpoint_.setDelegate(msg.sender);
    }

    function setPeer(uint32 eid, bytes32 peer) external onlyHarbourMaster {
        require(eid != 0, "eid");
        peers[eid] = peer;
        emit PeerSet(eid, peer);
    }

    function allowInitializePath(Origin calldata origin) external view returns (bool) {
        return peers[origin.srcEid] != bytes32(0) && peers[origin.srcEid] == origin.sender;
    }

    /// @notice Delivery of a message by the messaging layer.
    function lzReceive( // <-- cross-chain
        Origin calldata origin,
        bytes32,
        bytes calldata message,
        address,
        bytes calldata
    ) external {
        bytes32 peer = peers[origin.srcEid];
        if (peer == bytes32(0) || peer != origin.sender) {
            revert UnknownPeer(origin.srcEid, origin.sender);
        }
        (address skipper, uint64 duration) = abi.decode(message, (address, uint64));
        _extend(skipper, duration, origin.srcEid);
    }

    function revoke(address skipper) external onlyHarbourMaster {
        delete passes[skipper];
        emit PassRevoked(skipper);
    }

    function mayMoor(address skipper) external view returns (bool) {
        return passes[skipper].validUntil >= block.timestamp;
    }

    function _extend(address skipper, uint64 duration, uint32 eid) internal {
        require(duration > 0 && duration <= 365 days, "duration");
        Pass storage pass = passes[skipper];
        uint64 from = pass.validUntil > block.timestamp ? pass.validUntil : uint64(block.timestamp);
        pass.validUntil = from + duration;
        pass.boughtOn = eid;
        emit PassReceived(skipper, pass.validUntil, eid);
    }
}
