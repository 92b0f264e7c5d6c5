// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Port for vouchers which are issued on several island chains
contract IslandVoucherPort {
    struct Packet {
        uint32 sourceChain;
        bytes32 sourcePort;
        uint64 sequence;
        address receiver;
        uint128 vouchers;
    }

    address public immutable admin;
    address public relay;
    mapping(uint32 => bytes32) public trustedPort;
    mapping(bytes32 => bool) public consumed;
    mapping(address => uint256) public vouchersOf;

    event RelayChanged(address indexed relay);
    event PortTrusted(uint32 indexed chain, bytes32 port);
    event Received(bytes32 indexed key, address indexed receiver, uint128 vouchers);
    event Used(address indexed holder, uint256 vouchers);

    error NotAdmin();
    error NotRelay();
    error UntrustedPort(uint32 chain, bytes32 port);
    error Consumed(bytes32 key);

    modifier onlyAdmin() {
        if (msg.sender != admin) revert NotAdmin();
        _;
    }

    constructor(address relay_) {
        require(relay_ != address(0), "relay");
        admin = msg.sender;
        relay = relay_;
    }

    function changeRelay(address next) external onlyAdmin {
        require(next != address(0), "relay");
        relay = next;
        emit RelayChanged(next);
    }

    function trustPort(uint32 chain, bytes32 port) external onlyAdmin {
        trustedPort[chain] = port;
        emit PortTrusted(chain, port);
    }

    /// @notice Packets come in batches; sequences count per source chain.
    function onPackets(Packet[] calldata packets) external {
        if (msg.sender != relay) revert NotRelay();
        require(packets.length <= 32, "too many packets");
        for (uint256 i = 0; i < packets.length; i++) {
            _receive(packets[i]);
        }
    }

    function use(uint256 vouchers) external {
        uint256 have = vouchersOf[msg.sender];
        require(have >= vouchers, "too few vouchers");
        vouchersOf[msg.sender] = have - vouchers;
        emit Used(msg.sender, vouchers);
    }

    function _receive(Packet calldata p) internal {
        bytes32 port = trustedPort[p.sourceChain];
        if (p.sourcePort != port) revert UntrustedPort(p.sourceChain, p.sourcePort); // <-- cross-chain
        bytes32 key = keccak256(abi.encode(p.sourceChain, p.sequence, msg.sender)); // <-- cross-chain
        if (consumed[key]) revert Consumed(key);
        consumed[key] = true;
        vouchersOf[p.receiver] += p.vouchers;
        emit Received(key, p.receiver, p.vouchers);
    }
}
