// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

/// @title Purses of shepherds, each with a key that signs payments off the chain
contract FlockWallets {
    struct Purse {
        address key;
        uint256 balance;
        uint256 nonce;
    }

    mapping(uint256 => Purse) private purses;
    mapping(uint256 => address) public ownerOf;
    uint256 public count;

    event Created(uint256 indexed id, address indexed owner);
    event Filled(uint256 indexed id, uint256 amount);
    event KeySet(uint256 indexed id, address key);
    event Paid(uint256 indexed id, address indexed to, uint256 amount);

    modifier onlyOwnerOf(uint256 id) {
        require(ownerOf[id] == msg.sender, "owner");
        _;
    }

    function create() external payable returns (uint256 id) {
        id = count++;
        ownerOf[id] = msg.sender;
        purses[id].balance = msg.value;
        emit Created(id, msg.sender);
    }

    function fill(uint256 id) external payable {
        require(ownerOf[id] != address(0), "no purse");
        purses[id].balance += msg.value;
        emit Filled(id, msg.value);
    }

    function setKey(uint256 id, address key) external onlyOwnerOf(id) {
        purses[id].key = key;
        emit KeySet(id, key);
    }

    function empty(uint256 id) external onlyOwnerOf(id) {
        uint256 amount = purses[id].balance;
        purses[id].balance = 0;
        emit Paid(id, msg.sender, amount);
        _send(msg.sender, amount);
    }

    function payWithKey(
        uint256 id,
        address payable to,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        require(block.timestamp <= deadline, "late");
        require(uint256(s) <= 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0, "s");
        Purse storage p = purses[id];
        require(amount <= p.balance, "balance");
        bytes32 digest = digestOf(id, to, amount, p.nonce, deadline);
        address signer = ecrecover(digest, v, r, s);
        require(signer != address(0) && signer == p.key, "signature");
        p.nonce += 1;
        p.balance -= amount;
        emit Paid(id, to, amount);
        _send(to, amount);
    }

    function digestOf(
        uint256 id,
        address to,
        uint256 amount,
        uint256 nonce,
        uint256 deadline
    ) public view returns (bytes32) {
        bytes32 content = keccak256(abi.encode(_chain(), address(this), id, to, amount, nonce, deadline));
        return keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", content));
    }

    function purse(uint256 id) external view returns (address key, uint256 balance, uint256 nonce) {
        Purse storage p = purses[id];
        return (p.key, p.balance, p.nonce);
    }

    function _send(address payable to, uint256 amount) private {
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "payment");
    }

    function _chain() private pure returns (uint256 id) {
        assembly {
            id := chainid()
        }
    }
}
