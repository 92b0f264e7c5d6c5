// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @title Names below a zone, given out with the signature of the zone's registrar
contract NameDesk is Ownable {
    struct Entry {
        address holder;
        uint64 since;
        string text;
    }

    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,uint256 chainId,address verifyingContract)");
    uint256 public constant MAX_LENGTH = 32;

    address public registrar;
    mapping(bytes32 => Entry) private _entries;
    mapping(address => uint256) public nonces;

    event RegistrarSet(address indexed registrar);
    event Claimed(string zone, string label, address indexed holder);
    event TextSet(bytes32 indexed key, string text);
    event Passed(bytes32 indexed key, address indexed from, address indexed to);

    error BadName();
    error Taken();
    error NotHolder();
    error NotSigned();
    error Expired();

    constructor(address registrar_, address owner_) Ownable(owner_) {
        _setRegistrar(registrar_);
    }

    function setRegistrar(address next) external onlyOwner {
        _setRegistrar(next);
    }

    /// @notice Claim a label in a zone with the consent of the registrar.
    function claim(string calldata zone, string calldata label, uint256 deadline, bytes calldata signature) external {
        if (block.timestamp > deadline) revert Expired();
        _checkName(zone);
        _checkName(label);
        bytes32 key = keyOf(zone, label);
        if (_entries[key].holder != address(0)) revert Taken();

        bytes32 digest = _claimDigest(zone, label, msg.sender, nonces[msg.sender]++, deadline);
        if (ECDSA.recover(digest, signature) != registrar) revert NotSigned();

        _entries[key] = Entry(msg.sender, uint64(block.timestamp), "");
        emit Claimed(zone, label, msg.sender);
    }

    function setText(bytes32 key, string calldata text) external {
        if (_entries[key].holder != msg.sender) revert NotHolder();
        _entries[key].text = text;
        emit TextSet(key, text);
    }

    function pass(bytes32 key, address to) external {
        if (_entries[key].holder != msg.sender || to == address(0)) revert NotHolder();
        _entries[key].holder = to;
        emit Passed(key, msg.sender, to);
    }

    function entryOf(bytes32 key) external view returns (Entry memory) {
        return _entries[key];
    }

    function keyOf(string memory zone, string memory label) public pure returns (bytes32) {
        return keccak256(abi.encode(zone, label));
    }

    function _claimDigest(
        string calldata zone,
        string calldata label,
        address holder,
        uint256 nonce,
        uint256 deadline
    ) private view returns (bytes32) {
        bytes32 domain = keccak256(abi.encode(DOMAIN_TYPE, keccak256("NameDesk"), block.chainid, address(this)));
        bytes32 body = keccak256(abi.encode(zone, label, holder, nonce, deadline));
        return keccak256(abi.encodePacked("\x19\x01", domain, body));
    }

    function _setRegistrar(address next) private {
        if (next == address(0)) revert NotSigned();
        registrar = next;
        emit RegistrarSet(next);
    }

    function _checkName(string calldata name) private pure {
        uint256 length = bytes(name).length;
        if (length == 0 || length > MAX_LENGTH) revert BadName();
    }
}
