// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;
pragma experimental ABIEncoderV2;

/// @title Carries out the decisions of an assembly that votes on another chain
contract AssemblyDecisionReceiver {
    struct Decision {
        bytes32 topic;
        uint256 value;
        uint256 decidedAt;
        bool applied;
    }

    uint256 public constant DELAY = 2 days;

    address public immutable mailbox;
    uint32 public immutable assemblyDomain;
    bytes32 public immutable assemblyAddress;
    address public immutable warden;

    mapping(uint256 => Decision) public decisions;
    mapping(bytes32 => uint256) public parameters;
    uint256 public lastNumber;

    event DecisionReceived(uint256 indexed number, bytes32 indexed topic, uint256 value);
    event DecisionApplied(uint256 indexed number);
    event DecisionVetoed(uint256 indexed number);

    modifier onlyMailbox() {
        require(msg.sender == mailbox, "not the mailbox");
        _;
    }

    constructor(address mailbox_, uint32 domain, bytes32 assembly_) public {
        require(mailbox_ != address(0) && assembly_ != bytes32(0), "zero");
        mailbox = mailbox_;
        assemblyDomain = domain;
        assemblyAddress = assembly_;
        warden = msg.sender;
    }

    function handle(uint32 origin, bytes32 sender, bytes calldata body) external onlyMailbox {
        require(sender == assemblyAddress && origin == assemblyDomain, "unknown sender");
        (uint256 number, bytes32 topic, uint256 value) = abi.decode(body, (uint256, bytes32, uint256));
        require(number == lastNumber + 1, "out of order");
        lastNumber = number;
        decisions[number] = Decision(topic, value, block.timestamp, false);
        emit DecisionReceived(number, topic, value);
    }

    function applyDecision(uint256 number) external {
        Decision storage d = decisions[number];
        require(d.decidedAt != 0 && !d.applied, "no open decision");
        require(block.timestamp >= d.decidedAt + DELAY, "too early");
        d.applied = true;
        parameters[d.topic] = d.value;
        emit DecisionApplied(number);
    }

    function veto(uint256 number) external {
        require(msg.sender == warden, "not the warden");
        Decision storage d = decisions[number];
        require(d.decidedAt != 0 && !d.applied, "no open decision");
        d.applied = true;
        emit DecisionVetoed(number);
    }
}
