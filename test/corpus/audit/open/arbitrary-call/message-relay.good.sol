// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;
pragma abicoder v2;

interface IInbox {
    function proven(bytes32 root, bytes32 leaf, bytes32[] calldata path) external view returns (bool);
}

/// @title Carries messages from a sister chain to contracts on this one
/// @notice The relay is also the keeper of the vault and of the validator list.
contract MessageRelay {
    struct Message {
        uint64 nonce;
        address sender;
        address target;
        bytes data;
    }

    IInbox public immutable inbox;
    uint256 public immutable sourceChain;
    address public council;
    bool public halted;

    mapping(bytes32 => bool) public roots;
    mapping(bytes32 => bool) public delivered;
    mapping(address => bool) public endpoints;

    event RootSet(bytes32 indexed root, bool valid);
    event EndpointSet(address indexed endpoint, bool open);
    event Delivered(bytes32 indexed id, address indexed sender, address indexed target);
    event Halted(bool halted);
    event CouncilChanged(address indexed next);

    modifier onlyCouncil() {
        require(msg.sender == council, "council only");
        _;
    }

    constructor(IInbox inbox_, uint256 sourceChain_, address council_) {
        require(address(inbox_) != address(0) && council_ != address(0), "zero");
        inbox = inbox_;
        sourceChain = sourceChain_;
        council = council_;
    }

    function setRoot(bytes32 root, bool valid) external onlyCouncil {
        require(root != bytes32(0), "no root");
        roots[root] = valid;
        emit RootSet(root, valid);
    }

    function setEndpoint(address endpoint, bool open) external onlyCouncil {
        require(endpoint != address(this) && endpoint != address(inbox), "own contract");
        endpoints[endpoint] = open;
        emit EndpointSet(endpoint, open);
    }

    function halt(bool on) external onlyCouncil {
        halted = on;
        emit Halted(on);
    }

    function changeCouncil(address next) external onlyCouncil {
        require(next != address(0), "zero");
        council = next;
        emit CouncilChanged(next);
    }

    /// @notice Deliver a message that anybody has sent on the sister chain.
    function deliver(Message memory message, bytes32 root, bytes32[] calldata path) external {
        require(!halted, "halted");
        require(roots[root], "unknown root");
        bytes32 id = idOf(message);
        require(!delivered[id], "delivered before");
        require(inbox.proven(root, id, path), "not proven");
        delivered[id] = true;
        emit Delivered(id, message.sender, message.target);
        _dispatch(message);
    }

    function idOf(Message memory message) public view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    sourceChain,
                    _chainId(),
                    address(this),
                    message.nonce,
                    message.sender,
                    message.target,
                    keccak256(message.data)
                )
            );
    }

    function _dispatch(Message memory message) internal {
        require(message.target != address(this), "not to the relay");
        require(endpoints[message.target], "not an endpoint");
        (bool ok, ) = message.target.call(message.data);
        require(ok, "target failed");
    }

    function _chainId() private pure returns (uint256 id) {
        assembly {
            id := chainid()
        }
    }
}
