// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Ownable2Step, Ownable} from "@openzeppelin/contracts/access/Ownable2Step.sol";

/// @title Token drop for visitors of a festival, in several waves
contract FestivalAirdrop is EIP712, Ownable2Step {
    using SafeERC20 for IERC20;

    struct Wave {
        bytes32 root;
        uint64 opensAt;
        uint64 closesAt;
        uint128 budget;
        uint128 claimed;
        bool swept;
    }

    bytes32 private constant CLAIM_TYPEHASH =
        keccak256("Claim(uint256 wave,uint256 index,address account,address to,uint256 deadline)");
    uint64 public constant SHORTEST_WAVE = 14 days;

    IERC20 public immutable token;
    uint256 public reserved;
    Wave[] private _waves;
    mapping(uint256 => mapping(uint256 => uint256)) private _claimedBits;

    event WaveAdded(uint256 indexed wave, bytes32 root, uint64 opensAt, uint64 closesAt, uint128 budget);
    event Claimed(uint256 indexed wave, uint256 index, address indexed account, address to, uint256 amount);
    event WaveSwept(uint256 indexed wave, uint256 amount);

    error NotOpen(uint256 wave);
    error BadProof();
    error ClaimedBefore(uint256 index);
    error OverBudget();
    error SignatureExpired();
    error BadSignature();
    error BadWave();

    constructor(IERC20 token_) EIP712("FestivalAirdrop", "1") Ownable(msg.sender) {
        require(address(token_) != address(0), "token");
        token = token_;
    }

    // ------------------------------------------------------------------ owner

    function addWave(bytes32 root, uint64 opensAt, uint64 closesAt, uint128 budget)
        external
        onlyOwner
        returns (uint256 wave)
    {
        if (root == bytes32(0) || budget == 0) revert BadWave();
        if (opensAt < block.timestamp || closesAt < opensAt + SHORTEST_WAVE) revert BadWave();
        wave = _waves.length;
        _waves.push(Wave(root, opensAt, closesAt, budget, 0, false));
        reserved += budget;
        emit WaveAdded(wave, root, opensAt, closesAt, budget);
        token.safeTransferFrom(msg.sender, address(this), budget);
        require(token.balanceOf(address(this)) >= reserved, "not funded");
    }

    /// @notice What was not claimed in time goes back to the owner.
    function sweep(uint256 wave) external onlyOwner {
        Wave storage w = _waves[wave];
        if (block.timestamp <= w.closesAt || w.swept) revert NotOpen(wave);
        w.swept = true;
        uint256 rest = w.budget - w.claimed;
        reserved -= rest;
        emit WaveSwept(wave, rest);
        token.safeTransfer(msg.sender, rest);
    }

    // ----------------------------------------------------------------- claims

    /// @notice Claims for any account; the tokens go to this account in any case.
    function claim(uint256 wave, uint256 index, address account, uint256 amount, bytes32[] calldata proof)
        external
    {
        _claim(wave, index, account, account, amount, proof);
    }

    /// @notice Claims to another address, with the signature of the account.
    function claimTo(
        uint256 wave,
        uint256 index,
        address account,
        address to,
        uint256 amount,
        bytes32[] calldata proof,
        uint256 deadline,
        bytes calldata signature
    ) external {
        if (block.timestamp > deadline) revert SignatureExpired();
        require(to != address(0), "to");
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(CLAIM_TYPEHASH, wave, index, account, to, deadline))
        );
        // replays end at the claimed bit of the index below
        if (!SignatureChecker.isValidSignatureNow(account, digest, signature)) revert BadSignature();
        _claim(wave, index, account, to, amount, proof);
    }

    // ------------------------------------------------------------------ views

    function isClaimed(uint256 wave, uint256 index) public view returns (bool) {
        return _claimedBits[wave][index >> 8] & (1 << (index & 0xff)) != 0;
    }

    function waveInfo(uint256 wave) external view returns (Wave memory) {
        return _waves[wave];
    }

    function waveCount() external view returns (uint256) {
        return _waves.length;
    }

    /// @dev Hashed twice, so that an inner node of the tree is never a leaf.
    function leafOf(uint256 wave, uint256 index, address account, uint256 amount)
        public
        view
        returns (bytes32)
    {
        return keccak256(
            bytes.concat(keccak256(abi.encode(block.chainid, address(this), wave, index, account, amount)))
        );
    }

    // -------------------------------------------------------------- internals

    function _claim(
        uint256 wave,
        uint256 index,
        address account,
        address to,
        uint256 amount,
        bytes32[] calldata proof
    ) private {
        Wave storage w = _waves[wave];
        if (block.timestamp < w.opensAt || block.timestamp > w.closesAt) revert NotOpen(wave);
        if (isClaimed(wave, index)) revert ClaimedBefore(index);
        if (!MerkleProof.verifyCalldata(proof, w.root, leafOf(wave, index, account, amount))) {
            revert BadProof();
        }
        if (amount > w.budget - w.claimed) revert OverBudget();
        _claimedBits[wave][index >> 8] |= 1 << (index & 0xff);
        w.claimed += uint128(amount);
        reserved -= amount;
        emit Claimed(wave, index, account, to, amount);
        token.safeTransfer(to, amount);
    }
}
