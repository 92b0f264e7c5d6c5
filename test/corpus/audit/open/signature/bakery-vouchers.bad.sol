// SPDX-License-Identifier: MIT
pragma solidity ^0.5.17;

contract Roles {
    address public baker;
    address public clerk;

    event ClerkSet(address indexed clerk);

    modifier onlyBaker() {
        require(msg.sender == baker, "baker");
        _;
    }

    constructor(address clerk_) internal {
        require(clerk_ != address(0), "clerk");
        baker = msg.sender;
        clerk = clerk_;
    }

    function setClerk(address clerk_) external onlyBaker {
        require(clerk_ != address(0), "clerk");
        clerk = clerk_;
        emit ClerkSet(clerk_);
    }
}

/// @title Vouchers for ether that a clerk hands out; every branch of the bakery has a contract of its own and the same clerk
contract BakeryVouchers is Roles {
    uint256 public constant LIMIT = 1 ether;

    mapping(address => uint256) public nonces;
    uint256 public paidOut;

    event Funded(address indexed from, uint256 amount);
    event Redeemed(address indexed customer, uint256 amount, uint256 nonce);
    event Withdrawn(uint256 amount);

    constructor(address clerk_) public Roles(clerk_) {}

    function() external payable {
        emit Funded(msg.sender, msg.value);
    }

    function redeem(uint256 amount, uint256 deadline, bytes calldata signature) external {
        require(now <= deadline, "late");
        require(amount > 0 && amount <= LIMIT, "amount");
        uint256 nonce = nonces[msg.sender];
        bytes32 content = voucherHash(msg.sender, amount, nonce, deadline);
        require(_signer(content, signature) == clerk, "signature");
        nonces[msg.sender] = nonce + 1;
        paidOut += amount;
        emit Redeemed(msg.sender, amount, nonce);
        msg.sender.transfer(amount);
    }

    function withdraw(uint256 amount) external onlyBaker {
        emit Withdrawn(amount);
        msg.sender.transfer(amount);
    }

    function voucherHash(address customer, uint256 amount, uint256 nonce, uint256 deadline) public pure returns (bytes32) {
        return keccak256(abi.encode(customer, amount, nonce, deadline)); // <-- signature
    }

    function _signer(bytes32 content, bytes memory signature) private pure returns (address signer) {
        require(signature.length == 65, "length");
        bytes32 r;
        bytes32 s;
        uint8 v;
        assembly {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
            v := byte(0, mload(add(signature, 96)))
        }
        require(uint256(s) <= 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0, "s");
        signer = ecrecover(keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", content)), v, r, s);
        require(signer != address(0), "signature");
    }
}
