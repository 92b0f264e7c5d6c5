// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;
pragma abicoder v2;

/// @title Inbox of a branch office: instructions arrive through trusted carriers
contract BranchOfficeInbox {
    struct Instruction {
        uint256 sourceChain;
        address sourceSender;
        uint256 sequence;
        address payable target;
        uint256 value;
    }

    enum Status { Unknown, Announced, Done }

    address public immutable headOffice;
    uint256 public immutable headOfficeChain;
    address public immutable registrar;
    mapping(address => bool) public carriers;
    mapping(bytes32 => Status) public statusOf;
    uint256 public moved;

    event CarrierSet(address indexed carrier, bool trusted);
    event Announced(bytes32 indexed id);
    event Executed(bytes32 indexed id, address indexed target, uint256 value);

    modifier onlyCarrier() {
        require(carriers[msg.sender], "not a carrier");
        _;
    }

    constructor(address headOffice_, uint256 chain) {
        require(headOffice_ != address(0), "head office");
        headOffice = headOffice_;
        headOfficeChain = chain;
        registrar = msg.sender;
    }

    receive() external payable {}

    function setCarrier(address carrier, bool trusted) external {
        require(msg.sender == registrar, "not the registrar");
        carriers[carrier] = trusted;
        emit CarrierSet(carrier, trusted);
    }

    function announce(Instruction calldata item) external onlyCarrier {
        require(item.sourceChain == headOfficeChain, "source chain");
        require(item.sourceSender == headOffice, "source sender");
        bytes32 id = idOf(item);
        require(statusOf[id] == Status.Unknown, "announced before");
        statusOf[id] = Status.Announced;
        emit Announced(id);
    }

    /// @notice Anybody may carry out an instruction that has been announced.
    function carryOut(Instruction calldata item) external {
        bytes32 id = idOf(item);
        require(statusOf[id] == Status.Announced, "not announced");
        statusOf[id] = Status.Done;
        moved += item.value;
        (bool ok, ) = item.target.call{value: item.value}("");
        require(ok, "call failed");
        emit Executed(id, item.target, item.value);
    }

    function idOf(Instruction calldata item) public view returns (bytes32) {
        return keccak256(
            abi.encode(
                address(this),
                item.sourceChain,
                item.sourceSender,
                item.sequence,
                item.target,
                item.value
            )
        );
    }
}
