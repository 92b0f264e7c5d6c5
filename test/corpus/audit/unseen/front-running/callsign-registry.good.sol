// SPDX-License-Identifier: GPL-3.0
pragma solidity ^0.6.12;

/// @title Registry of radio call signs
/// Registering takes two steps so that nobody learns the wanted call sign early.
contract CallsignRegistry {
    uint256 public constant FEE = 0.02 ether;
    uint256 public constant TERM = 365 days;
    uint256 public constant MIN_AGE = 2 minutes;
    uint256 public constant MAX_AGE = 1 days;

    struct Callsign {
        address holder;
        uint256 paidUntil;
    }

    address payable public immutable office;
    mapping(bytes32 => Callsign) private callsigns;
    mapping(bytes32 => uint256) public announcedAt;

    event Announced(bytes32 indexed announcement);
    event Registered(string callsign, address indexed holder, uint256 paidUntil);
    event Renewed(string callsign, uint256 paidUntil);
    event Transferred(string callsign, address indexed from, address indexed to);
    event FeesSent(uint256 amount);

    constructor(address payable _office) public {
        require(_office != address(0), "office");
        office = _office;
    }

    function holderOf(string memory callsign) public view returns (address) {
        Callsign storage c = callsigns[keccak256(bytes(callsign))];
        return c.paidUntil > block.timestamp ? c.holder : address(0);
    }

    function announcementFor(string memory callsign, bytes32 salt, address holder) public pure returns (bytes32) {
        require(_wellFormed(bytes(callsign)), "malformed");
        return keccak256(abi.encode(callsign, salt, holder));
    }

    function announce(bytes32 announcement) external {
        require(block.timestamp > announcedAt[announcement] + MAX_AGE, "announced");
        announcedAt[announcement] = block.timestamp;
        emit Announced(announcement);
    }

    function register(string calldata callsign, bytes32 salt) external payable {
        require(msg.value == FEE, "fee");
        require(holderOf(callsign) == address(0), "taken");

        bytes32 announcement = announcementFor(callsign, salt, msg.sender);
        uint256 since = announcedAt[announcement];
        require(since != 0, "not announced");
        require(block.timestamp >= since + MIN_AGE, "too fresh");
        require(block.timestamp <= since + MAX_AGE, "too old");
        delete announcedAt[announcement];

        uint256 until = block.timestamp + TERM;
        callsigns[keccak256(bytes(callsign))] = Callsign(msg.sender, until);
        emit Registered(callsign, msg.sender, until);
    }

    function renew(string calldata callsign) external payable {
        require(msg.value == FEE, "fee");
        require(holderOf(callsign) == msg.sender, "not the holder");
        Callsign storage c = callsigns[keccak256(bytes(callsign))];
        require(c.paidUntil <= block.timestamp + 10 * TERM, "ten years at most");
        c.paidUntil += TERM;
        emit Renewed(callsign, c.paidUntil);
    }

    function transfer(string calldata callsign, address to) external {
        require(to != address(0), "zero");
        require(holderOf(callsign) == msg.sender, "not the holder");
        callsigns[keccak256(bytes(callsign))].holder = to;
        emit Transferred(callsign, msg.sender, to);
    }

    function sendFees() external {
        uint256 amount = address(this).balance;
        require(amount > 0, "no fees");
        (bool ok, ) = office.call{value: amount}("");
        require(ok, "office refused");
        emit FeesSent(amount);
    }

    // three to six characters, A-Z and 0-9
    function _wellFormed(bytes memory text) private pure returns (bool) {
        if (text.length < 3 || text.length > 6) {
            return false;
        }
        for (uint256 i = 0; i < text.length; i++) {
            bytes1 ch = text[i];
            if (!(ch >= 0x30 && ch <= 0x39) && !(ch >= 0x41 && ch <= 0x5A)) {
                return false;
            }
        }
        return true;
    }
}
