// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Seals for batches of cheese, with a digest over the whole record
contract SealOfQuality {
    struct Batch {
        address dairy;
        uint32 wheels;
        uint64 madeAt;
        bytes32 recipe;
    }

    address public immutable inspector;
    uint256 public batchCount;
    mapping(uint256 => Batch) public batches;
    mapping(uint256 => bytes32) public sealOf;
    mapping(address => bool) public dairies;

    event DairySet(address indexed dairy, bool listed);
    event BatchMade(uint256 indexed id, address indexed dairy, uint32 wheels);
    event Sealed(uint256 indexed id, bytes32 seal, string remark);

    error OnlyInspector();
    error NotListed();
    error NoBatch(uint256 id);

    modifier onlyInspector() {
        if (msg.sender != inspector) revert OnlyInspector();
        _;
    }

    constructor() {
        inspector = msg.sender;
    }

    function setDairy(address dairy, bool listed) external onlyInspector {
        dairies[dairy] = listed;
        emit DairySet(dairy, listed);
    }

    function make(uint32 wheels, bytes32 recipe) external returns (uint256 id) {
        if (!dairies[msg.sender]) revert NotListed();
        require(wheels > 0, "wheels");
        id = ++batchCount;
        batches[id] = Batch(msg.sender, wheels, uint64(block.timestamp), recipe);
        emit BatchMade(id, msg.sender, wheels);
    }

    function setSeal(uint256 id, string calldata remark) external onlyInspector {
        Batch memory batch = batches[id];
        if (batch.dairy == address(0)) revert NoBatch(id);
        bytes memory note = bytes(remark);
        bytes32 seal = _digest(batch, keccak256(note));
        bytes memory stamp = abi.encode(id, seal);
        sealOf[id] = keccak256(stamp);
        emit Sealed(id, sealOf[id], string(note));
    }

    function check(uint256 id, string calldata remark) external view returns (bool) {
        Batch memory batch = batches[id];
        bytes32 seal = _digest(batch, keccak256(bytes(remark)));
        return sealOf[id] == keccak256(abi.encode(id, seal));
    }

    /// @dev Hashes dairy, recipe and remark without a copy of the struct.
    function _digest(Batch memory batch, bytes32 remark) private pure returns (bytes32 digest) {
        assembly {
            let p := mload(0x40)
            mstore(p, mload(batch))
            mstore(add(p, 0x20), mload(add(batch, 0x60)))
            mstore(add(p, 0x40), remark)
            digest := keccak256(p, 0x60)
        }
    }
}
