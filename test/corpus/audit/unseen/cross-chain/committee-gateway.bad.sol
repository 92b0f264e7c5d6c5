// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IERC20 {
    function totalSupply() external view returns (uint256);
    function balanceOf(address account) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
    function approve(address spender, uint256 amount) external returns (bool);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
library SafeERC20 {
    error SafeERC20Failed(address token);

    function safeTransfer(IERC20 token, address to, uint256 value) internal {
        _callToken(token, abi.encodeWithSelector(token.transfer.selector, to, value));
    }

    function safeTransferFrom(IERC20 token, address from, address to, uint256 value) internal {
        _callToken(token, abi.encodeWithSelector(token.transferFrom.selector, from, to, value));
    }

    function forceApprove(IERC20 token, address spender, uint256 value) internal {
        if (value != 0 && token.allowance(address(this), spender) != 0) {
            _callToken(token, abi.encodeWithSelector(token.approve.selector, spender, 0));
        }
        _callToken(token, abi.encodeWithSelector(token.approve.selector, spender, value));
    }

    function _callToken(IERC20 token, bytes memory data) private {
        if (address(token).code.length == 0) revert SafeERC20Failed(address(token));
        (bool success, bytes memory ret) = address(token).call(data);
        if (!success || (ret.length != 0 && !abi.decode(ret, (bool)))) revert SafeERC20Failed(address(token));
    }
}
abstract contract Ownable2Step {
    address public owner;
    address public pendingOwner;

    event OwnershipTransferStarted(address indexed from, address indexed to);
    event OwnershipTransferred(address indexed from, address indexed to);

    error NotOwner();
    error NotPendingOwner();

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner();
        _;
    }

    constructor() {
        owner = msg.sender;
        emit OwnershipTransferred(address(0), msg.sender);
    }

    function transferOwnership(address newOwner) external onlyOwner {
        pendingOwner = newOwner;
        emit OwnershipTransferStarted(owner, newOwner);
    }

    function acceptOwnership() external {
        if (msg.sender != pendingOwner) revert NotPendingOwner();
        emit OwnershipTransferred(owner, msg.sender);
        owner = msg.sender;
        pendingOwner = address(0);
    }
}
/// @title CommitteeGateway
/// @notice Lock and release gateway. A committee watches `Locked` on every chain and signs
/// the transfer; the gateway is deployed at the same address on each of them.
contract CommitteeGateway is Ownable2Step {
    using SafeERC20 for IERC20;

    struct Packet {
        uint256 srcChainId;
        uint256 dstChainId;
        address gateway;
        address token;
        address recipient;
        uint256 amount;
        uint256 nonce;
    }

    bytes32 private constant PACKET_TYPE = keccak256("CommitteeGateway.Packet.v1");
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    uint256 public memberCount;
    uint256 public threshold;
    uint256 public nonce;
    bool public paused;
    mapping(address => bool) public isMember;
    /// @dev local token => destination chain => token over there
    mapping(address => mapping(uint256 => address)) public routes;
    mapping(bytes32 => bool) public released;

    event MemberSet(address indexed member, bool active);
    event ThresholdSet(uint256 threshold);
    event RouteSet(address indexed token, uint256 indexed chainId, address remoteToken);
    event PausedSet(bool paused);
    event Locked(uint256 indexed dstChainId, address remoteToken, address recipient, uint256 amount, uint256 nonce);
    event Released(bytes32 indexed packetId, address indexed token, address indexed recipient, uint256 amount);

    error BadCommittee();
    error Paused();
    error NoRoute();
    error ZeroValue();
    error WrongGateway();
    error AlreadyReleased();
    error BadSignature(uint256 index);
    error TooFewSignatures();

    constructor(address[] memory members, uint256 threshold_) {
        for (uint256 i; i < members.length; ++i) {
            if (members[i] == address(0) || isMember[members[i]]) revert BadCommittee();
            isMember[members[i]] = true;
            emit MemberSet(members[i], true);
        }
        memberCount = members.length;
        _setThreshold(threshold_);
    }

    function setMember(address member, bool active, uint256 threshold_) external onlyOwner {
        if (member == address(0) || isMember[member] == active) revert BadCommittee();
        isMember[member] = active;
        memberCount = active ? memberCount + 1 : memberCount - 1;
        emit MemberSet(member, active);
        _setThreshold(threshold_);
    }

    function setRoute(address token, uint256 chainId, address remoteToken) external onlyOwner {
        if (token == address(0) || chainId == block.chainid) revert NoRoute();
        routes[token][chainId] = remoteToken;
        emit RouteSet(token, chainId, remoteToken);
    }

    function setPaused(bool paused_) external onlyOwner {
        paused = paused_;
        emit PausedSet(paused_);
    }

    function lock(IERC20 token, uint256 amount, uint256 dstChainId, address recipient) external {
        if (paused) revert Paused();
        if (amount == 0 || recipient == address(0)) revert ZeroValue();
        address remote = routes[address(token)][dstChainId];
        if (remote == address(0)) revert NoRoute();
        emit Locked(dstChainId, remote, recipient, amount, ++nonce);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @notice Pay out a packet signed by the committee, signatures ordered by signer.
    function release(Packet calldata p, bytes[] calldata signatures) external {
        if (paused) revert Paused();
        if (p.gateway != address(this)) revert WrongGateway(); // <-- cross-chain
        bytes32 packetId = keccak256(abi.encode(PACKET_TYPE, p));
        if (released[packetId]) revert AlreadyReleased();
        _checkSignatures(packetId, signatures);
        released[packetId] = true;
        emit Released(packetId, p.token, p.recipient, p.amount);
        IERC20(p.token).safeTransfer(p.recipient, p.amount);
    }

    function _checkSignatures(bytes32 packetId, bytes[] calldata signatures) private view {
        if (signatures.length < threshold || signatures.length > memberCount) revert TooFewSignatures();
        bytes32 digest = keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", packetId));
        address last;
        for (uint256 i; i < signatures.length; ++i) {
            if (signatures[i].length != 65) revert BadSignature(i);
            bytes32 r = bytes32(signatures[i][0:32]);
            bytes32 s = bytes32(signatures[i][32:64]);
            uint8 v = uint8(signatures[i][64]);
            if (uint256(s) > HALF_ORDER) revert BadSignature(i);
            address signer = ecrecover(digest, v, r, s);
            if (signer <= last || !isMember[signer]) revert BadSignature(i);
            last = signer;
        }
    }

    function _setThreshold(uint256 threshold_) private {
        if (threshold_ <= memberCount / 2 || threshold_ > memberCount) revert BadCommittee();
        threshold = threshold_;
        emit ThresholdSet(threshold_);
    }
}
