// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title PetitionRegistry
/// @notice Anybody can open a petition and anybody can sign one with a small stake. The stake
///         comes back when the petition is closed.
contract PetitionRegistry {
    struct Petition {
        address author;
        uint64 closesAt;
        bool archived;
        uint256 signatures;
        string text;
    }

    uint256 public constant STAKE = 0.001 ether;

    uint256 public petitionCount;
    mapping(uint256 => Petition) private petitions;
    mapping(uint256 => address[]) private signers;
    mapping(uint256 => mapping(address => bool)) public signed;
    mapping(uint256 => mapping(address => bool)) public stakeReturned;

    event PetitionOpened(uint256 indexed id, address indexed author, uint64 closesAt);
    event Signed(uint256 indexed id, address indexed signer);
    event Archived(uint256 indexed id, uint256 signatures);
    event StakeReturned(uint256 indexed id, address indexed signer);

    error UnknownPetition();
    error StillOpen();
    error Over();

    modifier exists(uint256 id) {
        if (petitions[id].author == address(0)) revert UnknownPetition();
        _;
    }

    function open(string calldata text, uint64 duration) external returns (uint256 id) {
        require(bytes(text).length > 0 && bytes(text).length <= 2_000, "text length");
        require(duration >= 1 days && duration <= 180 days, "duration");
        id = ++petitionCount;
        Petition storage p = petitions[id];
        p.author = msg.sender;
        p.closesAt = uint64(block.timestamp) + duration;
        p.text = text;
        emit PetitionOpened(id, msg.sender, p.closesAt);
    }

    function sign(uint256 id) external payable exists(id) {
        Petition storage p = petitions[id];
        if (block.timestamp >= p.closesAt) revert Over();
        require(msg.value == STAKE, "wrong stake");
        require(!signed[id][msg.sender], "already signed");
        signed[id][msg.sender] = true;
        p.signatures += 1;
        signers[id].push(msg.sender);
        emit Signed(id, msg.sender);
    }

    /// @notice Puts a closed petition into the archive; stakes can be taken back afterwards.
    function archive(uint256 id) external exists(id) {
        Petition storage p = petitions[id];
        if (block.timestamp < p.closesAt) revert StillOpen();
        require(!p.archived, "already archived");
        p.archived = true;
        emit Archived(id, p.signatures);
    }

    function takeStake(uint256 id) external exists(id) {
        require(petitions[id].archived, "not archived");
        require(signed[id][msg.sender] && !stakeReturned[id][msg.sender], "no stake");
        stakeReturned[id][msg.sender] = true;
        emit StakeReturned(id, msg.sender);
        (bool ok, ) = payable(msg.sender).call{value: STAKE}("");
        require(ok, "stake refused");
    }

    function signerAt(uint256 id, uint256 index) external view returns (address) {
        return signers[id][index];
    }

    function petition(uint256 id) external view returns (Petition memory) {
        return petitions[id];
    }
}
