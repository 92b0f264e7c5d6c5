// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// @title One end of a bridge: tokens are locked here and released with signatures
contract GuardedBridge is EIP712, Pausable, ReentrancyGuard {
    using SafeERC20 for IERC20;

    struct Release {
        uint256 sourceChain;
        address sourceBridge;
        uint256 index;
        address token;
        address to;
        uint256 amount;
    }

    struct Budget {
        uint128 perDay;
        uint128 used;
        uint64 day;
    }

    bytes32 private constant RELEASE_TYPEHASH = keccak256(
        "Release(uint256 sourceChain,address sourceBridge,uint256 index,address token,address to,uint256 amount)"
    );
    uint256 public constant MAX_GUARDS = 21;
    uint64 public constant CHANGE_DELAY = 3 days;

    address public immutable council;
    mapping(address => bool) public isGuard;
    uint256 public guardCount;
    uint256 public threshold;

    mapping(uint256 => address) public peerOf;
    mapping(address => Budget) public budgets;
    mapping(bytes32 => bool) public released;
    mapping(bytes32 => uint64) public announced;
    mapping(address => uint256) public lockedOf;
    uint256 public nextIndex;

    event Locked(
        uint256 indexed index,
        uint256 indexed toChain,
        address indexed token,
        address from,
        address to,
        uint256 amount
    );
    event Released(bytes32 indexed key, address indexed token, address indexed to, uint256 amount);
    event Announced(bytes32 indexed change, uint64 readyAt);
    event GuardSet(address indexed guard, bool active, uint256 threshold);
    event PeerSet(uint256 indexed chain, address peer);
    event BudgetSet(address indexed token, uint128 perDay);

    error NotCouncil();
    error NotReady();
    error UnknownPeer(uint256 chain);
    error ReleasedBefore(bytes32 key);
    error NotEnoughSignatures();
    error SignersOutOfOrder();
    error OverBudget(uint256 left);

    modifier onlyCouncil() {
        if (msg.sender != council) revert NotCouncil();
        _;
    }

    /// @dev Every change has to be announced with exactly the same call data.
    modifier announcedBefore() {
        bytes32 change = keccak256(msg.data);
        uint64 readyAt = announced[change];
        if (readyAt == 0 || block.timestamp < readyAt) revert NotReady();
        delete announced[change];
        _;
    }

    constructor(address[] memory guards, uint256 threshold_) EIP712("GuardedBridge", "1") {
        council = msg.sender;
        require(guards.length <= MAX_GUARDS, "too many guards");
        for (uint256 i = 0; i < guards.length; ++i) {
            require(guards[i] != address(0) && !isGuard[guards[i]], "guard");
            isGuard[guards[i]] = true;
        }
        guardCount = guards.length;
        _setThreshold(threshold_);
    }

    // ---------------------------------------------------------------- council

    function announce(bytes calldata callData) external onlyCouncil {
        uint64 readyAt = uint64(block.timestamp) + CHANGE_DELAY;
        announced[keccak256(callData)] = readyAt;
        emit Announced(keccak256(callData), readyAt);
    }

    function setGuard(address guard, bool active, uint256 threshold_) external onlyCouncil announcedBefore {
        require(guard != address(0) && isGuard[guard] != active, "guard");
        isGuard[guard] = active;
        guardCount = active ? guardCount + 1 : guardCount - 1;
        require(guardCount <= MAX_GUARDS, "too many guards");
        _setThreshold(threshold_);
        emit GuardSet(guard, active, threshold_);
    }

    function setPeer(uint256 chain, address peer) external onlyCouncil announcedBefore {
        require(chain != block.chainid, "own chain");
        peerOf[chain] = peer;
        emit PeerSet(chain, peer);
    }

    function setBudget(address token, uint128 perDay) external onlyCouncil announcedBefore {
        budgets[token].perDay = perDay;
        emit BudgetSet(token, perDay);
    }

    function pause() external onlyCouncil {
        _pause();
    }

    function unpause() external onlyCouncil {
        _unpause();
    }

    // ------------------------------------------------------------------ users

    function lock(IERC20 token, uint256 toChain, address to, uint256 amount)
        external
        nonReentrant
        whenNotPaused
    {
        if (peerOf[toChain] == address(0)) revert UnknownPeer(toChain);
        require(budgets[address(token)].perDay > 0, "token");
        require(to != address(0), "to");
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        require(received > 0, "nothing received");
        lockedOf[address(token)] += received;
        emit Locked(nextIndex++, toChain, address(token), msg.sender, to, received);
    }

    function release(Release calldata r, bytes[] calldata signatures) external nonReentrant whenNotPaused {
        address peer = peerOf[r.sourceChain];
        if (peer == address(0) || peer != r.sourceBridge) revert UnknownPeer(r.sourceChain);
        bytes32 key = keccak256(abi.encode(r.sourceChain, r.sourceBridge, r.index));
        if (released[key]) revert ReleasedBefore(key);
        released[key] = true;

        _checkSignatures(releaseDigest(r), signatures);
        _spend(r.token, r.amount);
        lockedOf[r.token] -= r.amount;
        emit Released(key, r.token, r.to, r.amount);
        IERC20(r.token).safeTransfer(r.to, r.amount);
    }

    function releaseDigest(Release calldata r) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(RELEASE_TYPEHASH, r.sourceChain, r.sourceBridge, r.index, r.token, r.to, r.amount)
            )
        );
    }

    // -------------------------------------------------------------- internals

    function _checkSignatures(bytes32 digest, bytes[] calldata signatures) private view {
        uint256 count = signatures.length;
        if (count < threshold || count > MAX_GUARDS) revert NotEnoughSignatures();
        address last;
        for (uint256 i; i < count; ++i) {
            address signer = ECDSA.recover(digest, signatures[i]);
            if (signer <= last) revert SignersOutOfOrder();
            if (!isGuard[signer]) revert NotEnoughSignatures();
            last = signer;
        }
    }

    function _spend(address token, uint256 amount) private {
        Budget storage b = budgets[token];
        uint64 today = uint64(block.timestamp / 1 days);
        if (b.day != today) (b.day, b.used) = (today, 0);
        uint256 left = b.perDay > b.used ? b.perDay - b.used : 0;
        if (amount > left) revert OverBudget(left);
        b.used += uint128(amount);
    }

    function _setThreshold(uint256 value) private {
        require(value * 3 > guardCount * 2 && value <= guardCount, "threshold");
        threshold = value;
    }
}
