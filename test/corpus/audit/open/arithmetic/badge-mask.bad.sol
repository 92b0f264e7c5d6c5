// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Badges of a scouting club, kept in one word per member
/// @dev Layout of a word: bits 0-63 badge flags, bits 64-79 merit points, bits 80-95 troop number.
contract BadgeMask {
    uint256 private constant FLAGS = (1 << 64) - 1;
    uint8 public constant LEADER = 7;
    uint8 public constant QUARTERMASTER = 9;

    address public immutable chapter;
    mapping(address => uint256) private _words;

    event BadgeAwarded(address indexed member, uint8 badge);
    event BadgeRevoked(address indexed member, uint8 badge);
    event Enrolled(address indexed member, uint16 troop);
    event MeritChanged(address indexed member, uint16 merit);

    error NotAllowed(address caller);
    error UnknownBadge(uint8 badge);

    modifier onlyChapter() {
        if (msg.sender != chapter) revert NotAllowed(msg.sender);
        _;
    }

    modifier onlyLeaderOf(address member) {
        if (!hasBadge(msg.sender, LEADER)) revert NotAllowed(msg.sender);
        if (troopOf(msg.sender) != troopOf(member)) revert NotAllowed(msg.sender);
        _;
    }

    constructor() {
        chapter = msg.sender;
    }

    function enrol(address member, uint16 troop) external onlyChapter {
        require(member != address(0) && troop != 0, "bad entry");
        _words[member] = uint256(troop) << 80;
        emit Enrolled(member, troop);
    }

    function award(address member, uint8 badge) external onlyChapter {
        _words[member] |= _flag(badge);
        emit BadgeAwarded(member, badge);
    }

    function revoke(address member, uint8 badge) external onlyChapter {
        _words[member] &= ~_flag(badge);
        emit BadgeRevoked(member, badge);
    }

    /// @notice A leader sets the merit points of the members of the own troop.
    function setMerit(address member, uint16 merit) external onlyLeaderOf(member) {
        uint256 word = _words[member] & ~(uint256(0xffff) << 64);
        _words[member] = word | (uint256(merit) << 64);
        emit MeritChanged(member, merit);
    }

    function hasBadge(address member, uint8 badge) public view returns (bool) {
        return (_words[member] & _flag(badge)) != 0;
    }

    function meritOf(address member) public view returns (uint16 merit) {
        uint256 word = _words[member];
        assembly {
            merit := and(shr(word, 64), 0xffff) // <-- arithmetic
        }
    }

    function troopOf(address member) public view returns (uint16 troop) {
        uint256 word = _words[member];
        assembly {
            troop := and(shr(word, 80), 0xffff) // <-- arithmetic
        }
    }

    function badgesOf(address member) external view returns (uint64) {
        // masked to 64 bits first, so nothing is lost
        return uint64(_words[member] & FLAGS);
    }

    /// @dev One bit per badge.
    function _flag(uint8 badge) internal pure returns (uint256) {
        if (badge >= 64) revert UnknownBadge(badge);
        return uint256(badge) << 1; // <-- arithmetic
    }
}
