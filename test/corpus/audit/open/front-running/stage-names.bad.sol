// SPDX-License-Identifier: MIT
pragma solidity ^0.7.6;

/// @title Registry of stage names
/// @notice Names are first come, first served and cost a yearly fee.
contract StageNames {
    struct Entry {
        address owner;
        uint256 expires;
        string homepage;
    }

    uint256 public constant YEARLY_FEE = 0.03 ether;
    uint256 public constant MIN_AGE = 10 minutes;
    uint256 public constant MAX_AGE = 1 days;
    uint256 public constant GRACE = 30 days;

    address payable public immutable registrar;
    mapping(bytes32 => Entry) private _entries;
    mapping(bytes32 => uint256) public noticedAt;

    event Noticed(address indexed artist, bytes32 notice);
    event Registered(string name, address indexed owner, uint256 expires);
    event Renewed(string name, uint256 expires);
    event HomepageSet(string name, string homepage);

    modifier properName(string memory name) {
        uint256 length = bytes(name).length;
        require(length >= 3 && length <= 32, "name too short or too long");
        _;
    }

    constructor() {
        registrar = msg.sender;
    }

    /// @notice Gives notice of a coming registration.
    function giveNotice(bytes32 notice) external {
        require(noticedAt[notice] == 0 || block.timestamp > noticedAt[notice] + MAX_AGE, "already noticed");
        noticedAt[notice] = block.timestamp;
        emit Noticed(msg.sender, notice);
    }

    /// @notice Registers a free name to the caller for a year.
    function register(string memory name) external payable properName(name) {
        require(msg.value == YEARLY_FEE, "wrong fee");
        bytes32 key = keccak256(bytes(name));
        require(isFree(name), "name is taken");
        _entries[key].owner = msg.sender; // <-- front-running
        _entries[key].expires = block.timestamp + 365 days;
        delete _entries[key].homepage;
        emit Registered(name, msg.sender, _entries[key].expires);
    }

    function renew(string memory name) external payable {
        require(msg.value == YEARLY_FEE, "wrong fee");
        Entry storage entry = _entries[keccak256(bytes(name))];
        require(entry.owner == msg.sender, "not the owner");
        require(block.timestamp <= entry.expires + GRACE, "name has lapsed");
        require(entry.expires < block.timestamp + 3650 days, "far enough");
        entry.expires += 365 days;
        emit Renewed(name, entry.expires);
    }

    function setHomepage(string memory name, string memory homepage) external {
        Entry storage entry = _entries[keccak256(bytes(name))];
        require(entry.owner == msg.sender && block.timestamp <= entry.expires, "not the owner");
        entry.homepage = homepage;
        emit HomepageSet(name, homepage);
    }

    function bankFees() external {
        require(msg.sender == registrar, "only the registrar");
        (bool ok, ) = registrar.call{value: address(this).balance}("");
        require(ok, "payment refused");
    }

    function isFree(string memory name) public view returns (bool) {
        Entry storage entry = _entries[keccak256(bytes(name))];
        return entry.owner == address(0) || block.timestamp > entry.expires + GRACE;
    }

    function lookUp(string memory name) external view returns (address owner, uint256 expires, string memory homepage) {
        Entry storage entry = _entries[keccak256(bytes(name))];
        return (entry.owner, entry.expires, entry.homepage);
    }
}
