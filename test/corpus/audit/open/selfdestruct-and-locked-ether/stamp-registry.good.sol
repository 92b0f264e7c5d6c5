// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

library Spelling {
    function isPlain(string memory text) internal pure returns (bool) {
        bytes memory b = bytes(text);
        if (b.length < 3 || b.length > 32) return false;
        for (uint256 i = 0; i < b.length; i++) {
            bytes1 c = b[i];
            if (!((c >= 0x61 && c <= 0x7a) || (c >= 0x30 && c <= 0x39) || c == 0x2d)) return false;
        }
        return true;
    }
}

abstract contract Managed {
    address public manager;
    address public nextManager;

    error NotManager();

    modifier onlyManager() {
        if (msg.sender != manager) revert NotManager();
        _;
    }

    constructor() {
        manager = msg.sender;
    }

    function handOver(address next) external onlyManager {
        nextManager = next;
    }

    function takeOver() external {
        if (msg.sender != nextManager) revert NotManager();
        manager = msg.sender;
        nextManager = address(0);
    }
}

/// @title Names for stamp collections, for a yearly fee
contract StampRegistry is Managed {
    using Spelling for string;

    struct Entry {
        address holder;
        uint64 paidUntil;
    }

    uint256 public constant MAX_FEE = 1 ether;

    uint256 public fee;
    mapping(bytes32 => Entry) private entries;

    event Registered(string name, address indexed holder, uint64 paidUntil);
    event Passed(string name, address indexed to);
    event FeeSet(uint256 fee);
    event Withdrawn(address indexed to, uint256 amount);

    error NotPlain();
    error NotYours();
    error WrongFee(uint256 needed);

    constructor(uint256 fee_) {
        require(fee_ <= MAX_FEE, "fee");
        fee = fee_;
    }

    function setFee(uint256 fee_) external onlyManager {
        require(fee_ <= MAX_FEE, "fee");
        fee = fee_;
        emit FeeSet(fee_);
    }

    function register(string calldata name) external payable {
        if (!name.isPlain()) revert NotPlain();
        if (msg.value != fee) revert WrongFee(fee);
        Entry storage e = entries[keccak256(bytes(name))];
        uint64 from = uint64(block.timestamp);
        if (e.paidUntil >= block.timestamp) {
            if (e.holder != msg.sender) revert NotYours();
            from = e.paidUntil;
        }
        e.holder = msg.sender;
        e.paidUntil = from + 365 days;
        emit Registered(name, msg.sender, e.paidUntil);
    }

    function pass(string calldata name, address to) external {
        Entry storage e = entries[keccak256(bytes(name))];
        if (e.holder != msg.sender || e.paidUntil < block.timestamp || to == address(0)) revert NotYours();
        e.holder = to;
        emit Passed(name, to);
    }

    function withdraw(address payable to) external onlyManager {
        require(to != address(0), "to");
        uint256 amount = address(this).balance;
        emit Withdrawn(to, amount);
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "payment");
    }

    function holderOf(string calldata name) external view returns (address) {
        Entry storage e = entries[keccak256(bytes(name))];
        return e.paidUntil >= block.timestamp ? e.holder : address(0);
    }
}
