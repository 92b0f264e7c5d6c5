// SPDX-License-Identifier: MIT
pragma solidity ^0.6.12;

library SigTools {
    uint256 private constant HALF = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    function split(bytes memory signature) internal pure returns (uint8 v, bytes32 r, bytes32 s) {
        require(signature.length == 65, "SigTools: length");
        assembly {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
            v := byte(0, mload(add(signature, 96)))
        }
        if (v < 27) v += 27;
    }

    function isLow(bytes32 s) internal pure returns (bool) {
        return uint256(s) <= HALF;
    }

    function prefixed(bytes32 inner) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", inner));
    }
}

/// @title Prizes of a shooting gallery, the booth signs a voucher for each hit
contract PrizeVoucher {
    using SigTools for bytes;
    using SigTools for bytes32;

    address public booth;
    address payable public keeper;
    uint256 public constant MAX_PRIZE = 1 ether;
    mapping(bytes32 => bool) public redeemed;
    mapping(address => uint256) public won;

    event Redeemed(address indexed player, uint256 prize, bytes32 key);
    event BoothChanged(address indexed booth);
    event Filled(uint256 amount);
    event Closed(uint256 amount);

    modifier onlyKeeper() {
        require(msg.sender == keeper, "keeper only");
        _;
    }

    constructor(address booth_) public payable {
        require(booth_ != address(0), "no booth");
        keeper = msg.sender;
        booth = booth_;
    }

    receive() external payable {
        emit Filled(msg.value);
    }

    function changeBooth(address next) external onlyKeeper {
        require(next != address(0), "no booth");
        booth = next;
        emit BoothChanged(next);
    }

    /// @notice Redeem a voucher, the prize is paid at once.
    /// @param hit the number that the booth has given to the hit
    function redeem(uint256 prize, uint256 hit, bytes calldata signature) external {
        require(prize > 0 && prize <= MAX_PRIZE, "prize");
        bytes32 inner = keccak256(abi.encode(address(this), _chainId(), msg.sender, prize, hit));
        bytes32 key = keccak256(signature); // <-- signature
        require(!redeemed[key], "redeemed before");
        require(_signed(inner.prefixed(), signature), "not from the booth");
        redeemed[key] = true;
        won[msg.sender] += prize;
        emit Redeemed(msg.sender, prize, key);
        (bool ok, ) = msg.sender.call{value: prize}("");
        require(ok, "payment failed");
    }

    function close() external onlyKeeper {
        uint256 amount = address(this).balance;
        emit Closed(amount);
        (bool ok, ) = keeper.call{value: amount}("");
        require(ok, "payment failed");
    }

    function _signed(bytes32 digest, bytes memory signature) private view returns (bool) {
        (uint8 v, bytes32 r, bytes32 s) = signature.split();
        require(s != bytes32(0), "bad s");
        address signer = ecrecover(digest, v, r, s); // <-- signature
        return signer != address(0) && signer == booth;
    }

    function _chainId() private pure returns (uint256 id) {
        assembly {
            id := chainid()
        }
    }
}
