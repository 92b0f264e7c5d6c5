// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

/// @title Gate between this chain and a sidechain; one notary signs releases
contract SidechainEtherGate {
    struct Release {
        address payable to;
        uint256 amount;
        uint256 nonce;
        uint256 deadline;
    }

    address public immutable admin;
    address public notary;
    uint256 public depositCount;
    uint256 public paused;
    mapping(address => uint256) public deposited;
    mapping(bytes32 => bool) public released;

    event Deposited(uint256 indexed index, address indexed from, address indexed to, uint256 amount);
    event Released(bytes32 indexed id, address indexed to, uint256 amount);
    event NotaryChanged(address indexed notary);

    error BadSignature();
    error Expired();
    error ReleasedBefore(bytes32 id);

    modifier onlyAdmin() {
        require(msg.sender == admin, "admin");
        _;
    }

    constructor(address notary_) {
        require(notary_ != address(0), "notary");
        admin = msg.sender;
        notary = notary_;
    }

    function changeNotary(address next) external onlyAdmin {
        require(next != address(0), "notary");
        notary = next;
        emit NotaryChanged(next);
    }

    function setPaused(uint256 value) external onlyAdmin {
        paused = value;
    }

    function deposit(address to) external payable {
        require(to != address(0) && msg.value > 0, "deposit");
        deposited[msg.sender] += msg.value;
        emit Deposited(depositCount++, msg.sender, to, msg.value);
    }

    function release(Release calldata r, bytes calldata signature) external {
        require(paused == 0, "paused");
        if (block.timestamp > r.deadline) revert Expired();
        bytes32 id = releaseId(r);
        bytes32 digest = MessageHashUtils.toEthSignedMessageHash(id);
        if (ECDSA.recover(digest, signature) != notary) revert BadSignature();
        if (released[id]) revert ReleasedBefore(id);
        released[id] = true;
        emit Released(id, r.to, r.amount);
        (bool ok, ) = r.to.call{value: r.amount}("");
        require(ok, "payment failed");
    }

    function releaseId(Release calldata r) public view returns (bytes32) {
        return keccak256(
            abi.encode(block.chainid, address(this), r.to, r.amount, r.nonce, r.deadline)
        );
    }
}
