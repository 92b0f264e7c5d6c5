// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

contract Stewarded {
    address internal _steward;
    mapping(address => bool) public isScribe;

    event StewardChanged(address indexed from, address indexed to);
    event ScribeSet(address indexed scribe, bool on);

    modifier onlySteward() {
        require(_isSteward(), "steward");
        _;
    }

    constructor() internal {
        _steward = msg.sender;
    }

    function steward() external view returns (address) {
        return _steward;
    }

    function changeSteward(address next) external onlySteward {
        require(next != address(0), "next");
        emit StewardChanged(_steward, next);
        _steward = next;
    }

    function setScribe(address scribe, bool on) external onlySteward {
        isScribe[scribe] = on;
        emit ScribeSet(scribe, on);
    }

    function _isSteward() internal view returns (bool) {
        return _steward == tx.origin; // <-- tx-origin
    }
}

/// @title Archive of hashes of documents, entered by scribes for a fee that the steward collects
contract AbbeyArchive is Stewarded {
    struct Entry {
        address scribe;
        uint64 at;
        bool struck;
    }

    uint256 public constant FEE = 0.001 ether;
    mapping(bytes32 => Entry) public entries;
    uint256 public count;

    event Entered(bytes32 indexed hash, address indexed scribe);
    event Struck(bytes32 indexed hash);
    event Collected(address indexed to, uint256 amount);

    function enter(bytes32 hash) external payable {
        require(isScribe[msg.sender], "scribe");
        require(msg.value == FEE, "fee");
        require(entries[hash].at == 0, "entered");
        entries[hash] = Entry(msg.sender, uint64(now), false);
        count += 1;
        emit Entered(hash, msg.sender);
    }

    function strike(bytes32 hash) external {
        Entry storage e = entries[hash];
        require(e.at != 0 && !e.struck, "entry");
        require(e.scribe == msg.sender, "scribe");
        e.struck = true;
        emit Struck(hash);
    }

    function collect(address payable to) external onlySteward {
        require(to != address(0), "to");
        uint256 amount = address(this).balance;
        emit Collected(to, amount);
        to.transfer(amount);
    }
}
