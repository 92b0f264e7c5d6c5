// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @title FoundersBadge
/// @notice A limited run of badges; everybody on the list may claim up to `PER_FOUNDER` of them
///         while the round is open.
contract FoundersBadge is ERC721, Ownable2Step {
    uint256 public constant SUPPLY = 1_000;
    uint256 public constant PER_FOUNDER = 2;

    bytes32 public immutable listRoot;
    uint64 public immutable opensAt;
    uint64 public immutable closesAt;

    uint256 public issued;
    mapping(address => uint256) public claimedBy;
    string private _base;

    event Claimed(address indexed founder, uint256 indexed tokenId, uint256 nth);
    event BaseUriChanged(string uri);

    error RoundClosed();
    error NotOnList();
    error QuotaUsed();
    error SoldOut();

    modifier whileOpen() {
        if (block.timestamp < opensAt || block.timestamp > closesAt) revert RoundClosed();
        _;
    }

    constructor(bytes32 root, uint64 opens, uint64 closes, address initialOwner)
        ERC721("Founders Badge", "FNDR")
        Ownable(initialOwner)
    {
        require(root != bytes32(0), "no list");
        require(closes > opens, "bad round");
        listRoot = root;
        opensAt = opens;
        closesAt = closes;
    }

    function setBaseUri(string calldata uri) external onlyOwner {
        _base = uri;
        emit BaseUriChanged(uri);
    }

    /// @notice Claim one badge for the caller.
    function claim(bytes32[] calldata proof) external whileOpen returns (uint256 tokenId) {
        if (!_onList(msg.sender, proof)) revert NotOnList();
        tokenId = _issue(msg.sender);
    }

    function remaining() external view returns (uint256) {
        return SUPPLY - issued;
    }

    function _issue(address founder) internal returns (uint256 tokenId) {
        uint256 nth = claimedBy[founder] + 1;
        if (nth > PER_FOUNDER) revert QuotaUsed();
        if (issued >= SUPPLY) revert SoldOut();
        tokenId = ++issued;
        _safeMint(founder, tokenId); // <-- reentrancy
        claimedBy[founder] = nth;
        emit Claimed(founder, tokenId, nth);
    }

    function _onList(address who, bytes32[] calldata proof) private view returns (bool) {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(who))));
        return MerkleProof.verifyCalldata(proof, listRoot, leaf);
    }

    function _baseURI() internal view override returns (string memory) {
        return _base;
    }
}
