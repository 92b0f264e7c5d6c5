// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

library Sums {
    function plus(uint256 a, uint256 b) internal pure returns (uint256 c) {
        c = a + b;
        require(c >= a, "sum");
    }

    function minus(uint256 a, uint256 b) internal pure returns (uint256) {
        require(b <= a, "difference");
        return a - b;
    }
}

interface IEndpoint {
    function send(
        uint16 dstChainId,
        bytes calldata destination,
        bytes calldata payload,
        address payable refundAddress,
        address zroPaymentAddress,
        bytes calldata adapterParams
    ) external payable;
}

/// @title A token that travels with the caravan from chain to chain
contract CaravanToken {
    using Sums for uint256;

    string public constant name = "Caravan";
    string public constant symbol = "CRV7";
    uint8 public constant decimals = 18;

    IEndpoint public immutable endpoint;
    address public immutable leader;
    uint256 public totalSupply;
    uint256 public perMessageMax;

    mapping(address => uint256) public balanceOf;
    mapping(uint16 => bytes) public trustedRemote;
    mapping(uint16 => mapping(uint64 => bytes32)) public failedMessages;

    event Transfer(address indexed from, address indexed to, uint256 amount);
    event RemoteSet(uint16 indexed chainId, bytes remote);
    event MessageFailed(uint16 indexed chainId, uint64 indexed nonce, bytes payload);
    event MessageRetried(uint16 indexed chainId, uint64 indexed nonce);

    constructor(IEndpoint endpoint_, uint256 supply, uint256 perMessageMax_) public {
        require(address(endpoint_) != address(0), "endpoint");
        endpoint = endpoint_;
        leader = msg.sender;
        perMessageMax = perMessageMax_;
        _mint(msg.sender, supply);
    }

    function setRemote(uint16 chainId, bytes calldata remote) external {
        require(msg.sender == leader, "leader");
        trustedRemote[chainId] = remote;
        emit RemoteSet(chainId, remote);
    }

    function setPerMessageMax(uint256 amount) external {
        require(msg.sender == leader, "leader");
        perMessageMax = amount;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        require(to != address(0), "to");
        balanceOf[msg.sender] = balanceOf[msg.sender].minus(amount);
        balanceOf[to] = balanceOf[to].plus(amount);
        emit Transfer(msg.sender, to, amount);
        return true;
    }

    function travel(uint16 chainId, address to, uint256 amount) external payable {
        bytes memory remote = trustedRemote[chainId];
        require(remote.length != 0, "remote");
        require(to != address(0) && amount > 0, "travel");
        balanceOf[msg.sender] = balanceOf[msg.sender].minus(amount);
        totalSupply = totalSupply.minus(amount);
        emit Transfer(msg.sender, address(0), amount);
        endpoint.send{value: msg.value}(chainId, remote, abi.encode(to, amount), msg.sender, address(0), "");
    }

    function lzReceive(uint16 chainId, bytes calldata from, uint64 nonce, bytes calldata payload) external {
        require(msg.sender == address(endpoint), "endpoint");
        bytes memory remote = trustedRemote[chainId];
        require(remote.length != 0 && keccak256(remote) == keccak256(from), "remote");
        (address to, uint256 amount) = abi.decode(payload, (address, uint256));
        if (amount > perMessageMax) {
            failedMessages[chainId][nonce] = keccak256(payload);
            emit MessageFailed(chainId, nonce, payload);
            return;
        }
        _mint(to, amount);
    }

    /// @notice Credits a message that was above the limit when it came.
    function retry(uint16 chainId, uint64 nonce, bytes calldata payload) external {
        bytes32 kept = failedMessages[chainId][nonce];
        require(kept != bytes32(0), "no message");
       require(keccak256(payload) == kept, "payload"); // <-- cross-chain
        (address to, uint256 amount) = abi.decode(payload, (address, uint256));
        require(amount <= perMessageMax, "limit");
        emit MessageRetried(chainId, nonce);
        _mint(to, amount);
    }

    function _mint(address to, uint256 amount) private {
        totalSupply = totalSupply.plus(amount);
        balanceOf[to] = balanceOf[to].plus(amount);
        emit Transfer(address(0), to, amount);
    }
}
