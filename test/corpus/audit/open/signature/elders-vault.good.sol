// SPDX-License-Identifier: MIT
pragma solidity ^0.8.19;

library Recover {
    function signerOf(bytes32 digest, bytes calldata sig) internal pure returns (address signer) {
        require(sig.length == 65, "length");
        bytes32 r = bytes32(sig[0:32]);
        bytes32 s = bytes32(sig[32:64]);
        uint8 v = uint8(sig[64]);
        require(uint256(s) <= 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0, "s");
        signer = ecrecover(digest, v, r, s);
        require(signer != address(0), "signature");
    }
}

/// @title Vault that pays when enough of the elders have signed
contract EldersVault {
    using Recover for bytes32;

    bytes32 public constant PAYMENT = keccak256("Payment(address to,uint256 amount,uint256 nonce,uint256 deadline)");
    bytes32 private constant DOMAIN = keccak256("EIP712Domain(string name,uint256 chainId,address verifyingContract)");

    mapping(address => bool) public isElder;
    uint256 public immutable elders;
    uint256 public immutable threshold;
    uint256 public nonce;

    event Received(address indexed from, uint256 amount);
    event Paid(address indexed to, uint256 amount, uint256 nonce);

    error TooFew();
    error NotElder(address who);
    error Late();

    constructor(address[] memory list, uint256 threshold_) {
        require(threshold_ > list.length / 2 && threshold_ <= list.length, "threshold");
        for (uint256 i = 0; i < list.length; i++) {
            require(list[i] != address(0) && !isElder[list[i]], "elder");
            isElder[list[i]] = true;
        }
        elders = list.length;
        threshold = threshold_;
    }

    receive() external payable {
        emit Received(msg.sender, msg.value);
    }

    function pay(address to, uint256 amount, uint256 deadline, bytes[] calldata signatures) external {
        if (block.timestamp > deadline) revert Late();
        bytes32 digest = paymentDigest(to, amount, nonce, deadline);
        _verify(digest, signatures);
        emit Paid(to, amount, nonce);
        nonce++;
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "payment");
    }

    function paymentDigest(address to, uint256 amount, uint256 number, uint256 deadline) public view returns (bytes32) {
        bytes32 content = keccak256(abi.encode(PAYMENT, to, amount, number, deadline));
        return keccak256(abi.encodePacked("\x19\x01", domainSeparator(), content));
    }

    function domainSeparator() public view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN, keccak256("EldersVault"), block.chainid, address(this)));
    }

    function _verify(bytes32 digest, bytes[] calldata signatures) private view {
        if (signatures.length < threshold) revert TooFew();
        address last = address(0);
        for (uint256 i = 0; i < signatures.length; i++) {
            address signer = digest.signerOf(signatures[i]);
            if (!isElder[signer] || signer <= last) revert NotElder(signer);
            last = signer;
        }
    }
}
