// SPDX-License-Identifier: MIT
pragma solidity ^0.8.23;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Token that is minted when a federation has seen it locked elsewhere
/// @notice The same federation serves the token on several chains.
contract FederationMintBridge is ERC20 {
    struct Mint {
        uint256 sourceChain;
        bytes32 sourceTx;
        uint256 logIndex;
        address to;
        uint256 amount;
    }

    uint256 public immutable threshold;
    uint256 public immutable memberCount;
    mapping(address => bool) public isMember;
    mapping(bytes32 => bool) public minted;

    event MintedFor(bytes32 indexed digest, address indexed to, uint256 amount);
    event Burned(address indexed from, uint256 indexed toChain, address to, uint256 amount);

    error TooFewSignatures(uint256 got);
    error NotOrdered();
    error NotMember(address signer);
    error MintedBefore();

    constructor(address[] memory members, uint256 threshold_) ERC20("Federated Grain", "fGRAIN") {
        require(members.length <= 25, "too many members");
        require(threshold_ * 2 > members.length && threshold_ <= members.length, "threshold");
        for (uint256 i = 0; i < members.length; i++) {
            require(members[i] != address(0) && !isMember[members[i]], "member");
            isMember[members[i]] = true;
        }
        threshold = threshold_;
        memberCount = members.length;
    }

    function mint(Mint calldata m, bytes[] calldata signatures) external {
        bytes32 digest = mintDigest(m);
        if (minted[digest]) revert MintedBefore();
        _checkSignatures(digest, signatures);
        minted[digest] = true;
        emit MintedFor(digest, m.to, m.amount);
        _mint(m.to, m.amount);
    }

    function burn(uint256 toChain, address to, uint256 amount) external {
        require(to != address(0) && toChain != block.chainid, "destination");
        _burn(msg.sender, amount);
        emit Burned(msg.sender, toChain, to, amount);
    }

    function mintDigest(Mint calldata m) public view returns (bytes32) {
        require(m.sourceChain != block.chainid, "same chain");
        bytes32 inner = keccak256(
            abi.encode(block.chainid, address(this), m.sourceChain, m.sourceTx, m.logIndex, m.to, m.amount)
        );
        return keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", inner));
    }

    /// @dev Signers must come in ascending order, so that none counts twice.
    function _checkSignatures(bytes32 digest, bytes[] calldata signatures) private view {
        uint256 count = signatures.length;
        if (count < threshold) revert TooFewSignatures(count);
        require(count <= memberCount, "too many signatures");
        address last = address(0);
        for (uint256 i = 0; i < count; i++) {
            address signer = ECDSA.recover(digest, signatures[i]);
            if (signer <= last) revert NotOrdered();
            if (!isMember[signer]) revert NotMember(signer);
            last = signer;
        }
    }
}
