// SPDX-License-Identifier: MIT
pragma solidity >=0.8.9 <0.9.0;

import {StdText} from "./StdText.sol";

/// Assertions that two values are equal, or are not: the part of StdAssertions that is one of a kind for each type.
abstract contract StdEquality {
    function assertEq(bool left, bool right) internal pure virtual {
        assertEq(left, right, StdText.FAILED);
    }

    function assertEq(bool left, bool right, string memory err) internal pure virtual {
        if (!(left == right)) StdText.differ(err, StdText.show(left), " != ", StdText.show(right));
    }

    function assertEq(uint256 left, uint256 right) internal pure virtual {
        assertEq(left, right, StdText.FAILED);
    }

    function assertEq(uint256 left, uint256 right, string memory err) internal pure virtual {
        if (!(left == right)) StdText.differ(err, StdText.show(left), " != ", StdText.show(right));
    }

    function assertEq(int256 left, int256 right) internal pure virtual {
        assertEq(left, right, StdText.FAILED);
    }

    function assertEq(int256 left, int256 right, string memory err) internal pure virtual {
        if (!(left == right)) StdText.differ(err, StdText.show(left), " != ", StdText.show(right));
    }

    function assertEq(address left, address right) internal pure virtual {
        assertEq(left, right, StdText.FAILED);
    }

    function assertEq(address left, address right, string memory err) internal pure virtual {
        if (!(left == right)) StdText.differ(err, StdText.show(left), " != ", StdText.show(right));
    }

    function assertEq(bytes32 left, bytes32 right) internal pure virtual {
        assertEq(left, right, StdText.FAILED);
    }

    function assertEq(bytes32 left, bytes32 right, string memory err) internal pure virtual {
        if (!(left == right)) StdText.differ(err, StdText.show(left), " != ", StdText.show(right));
    }

    function assertEq(string memory left, string memory right) internal pure virtual {
        assertEq(left, right, StdText.FAILED);
    }

    function assertEq(string memory left, string memory right, string memory err) internal pure virtual {
        if (!(keccak256(bytes(left)) == keccak256(bytes(right)))) StdText.differ(err, StdText.show(left), " != ", StdText.show(right));
    }

    function assertEq(bytes memory left, bytes memory right) internal pure virtual {
        assertEq(left, right, StdText.FAILED);
    }

    function assertEq(bytes memory left, bytes memory right, string memory err) internal pure virtual {
        if (!(keccak256(left) == keccak256(right))) StdText.differ(err, StdText.show(left), " != ", StdText.show(right));
    }

    function assertEq(bool[] memory left, bool[] memory right) internal pure virtual {
        assertEq(left, right, StdText.FAILED);
    }

    function assertEq(bool[] memory left, bool[] memory right, string memory err) internal pure virtual {
        bool isSame = keccak256(abi.encode(left)) == keccak256(abi.encode(right));
        if (!isSame) StdText.differ(err, StdText.show(left), " != ", StdText.show(right));
    }

    function assertEq(uint256[] memory left, uint256[] memory right) internal pure virtual {
        assertEq(left, right, StdText.FAILED);
    }

    function assertEq(uint256[] memory left, uint256[] memory right, string memory err) internal pure virtual {
        bool isSame = keccak256(abi.encode(left)) == keccak256(abi.encode(right));
        if (!isSame) StdText.differ(err, StdText.show(left), " != ", StdText.show(right));
    }

    function assertEq(int256[] memory left, int256[] memory right) internal pure virtual {
        assertEq(left, right, StdText.FAILED);
    }

    function assertEq(int256[] memory left, int256[] memory right, string memory err) internal pure virtual {
        bool isSame = keccak256(abi.encode(left)) == keccak256(abi.encode(right));
        if (!isSame) StdText.differ(err, StdText.show(left), " != ", StdText.show(right));
    }

    function assertEq(address[] memory left, address[] memory right) internal pure virtual {
        assertEq(left, right, StdText.FAILED);
    }

    function assertEq(address[] memory left, address[] memory right, string memory err) internal pure virtual {
        bool isSame = keccak256(abi.encode(left)) == keccak256(abi.encode(right));
        if (!isSame) StdText.differ(err, StdText.show(left), " != ", StdText.show(right));
    }

    function assertEq(bytes32[] memory left, bytes32[] memory right) internal pure virtual {
        assertEq(left, right, StdText.FAILED);
    }

    function assertEq(bytes32[] memory left, bytes32[] memory right, string memory err) internal pure virtual {
        bool isSame = keccak256(abi.encode(left)) == keccak256(abi.encode(right));
        if (!isSame) StdText.differ(err, StdText.show(left), " != ", StdText.show(right));
    }

    function assertEq(string[] memory left, string[] memory right) internal pure virtual {
        assertEq(left, right, StdText.FAILED);
    }

    function assertEq(string[] memory left, string[] memory right, string memory err) internal pure virtual {
        bool isSame = keccak256(abi.encode(left)) == keccak256(abi.encode(right));
        if (!isSame) StdText.differ(err, StdText.show(left), " != ", StdText.show(right));
    }

    function assertEq(bytes[] memory left, bytes[] memory right) internal pure virtual {
        assertEq(left, right, StdText.FAILED);
    }

    function assertEq(bytes[] memory left, bytes[] memory right, string memory err) internal pure virtual {
        bool isSame = keccak256(abi.encode(left)) == keccak256(abi.encode(right));
        if (!isSame) StdText.differ(err, StdText.show(left), " != ", StdText.show(right));
    }

    function assertEqDecimal(uint256 left, uint256 right, uint256 decimals) internal pure virtual {
        assertEqDecimal(left, right, decimals, StdText.FAILED);
    }

    function assertEqDecimal(uint256 left, uint256 right, uint256 decimals, string memory err) internal pure virtual {
        if (left == right) return;
        StdText.differ(err, StdText.decimal(left, decimals), " != ", StdText.decimal(right, decimals));
    }

    function assertEqDecimal(int256 left, int256 right, uint256 decimals) internal pure virtual {
        assertEqDecimal(left, right, decimals, StdText.FAILED);
    }

    function assertEqDecimal(int256 left, int256 right, uint256 decimals, string memory err) internal pure virtual {
        if (left == right) return;
        StdText.differ(err, StdText.decimal(left, decimals), " != ", StdText.decimal(right, decimals));
    }

    function assertNotEq(bool left, bool right) internal pure virtual {
        assertNotEq(left, right, StdText.FAILED);
    }

    function assertNotEq(bool left, bool right, string memory err) internal pure virtual {
        if (!(left != right)) StdText.differ(err, StdText.show(left), " == ", StdText.show(right));
    }

    function assertNotEq(uint256 left, uint256 right) internal pure virtual {
        assertNotEq(left, right, StdText.FAILED);
    }

    function assertNotEq(uint256 left, uint256 right, string memory err) internal pure virtual {
        if (!(left != right)) StdText.differ(err, StdText.show(left), " == ", StdText.show(right));
    }

    function assertNotEq(int256 left, int256 right) internal pure virtual {
        assertNotEq(left, right, StdText.FAILED);
    }

    function assertNotEq(int256 left, int256 right, string memory err) internal pure virtual {
        if (!(left != right)) StdText.differ(err, StdText.show(left), " == ", StdText.show(right));
    }

    function assertNotEq(address left, address right) internal pure virtual {
        assertNotEq(left, right, StdText.FAILED);
    }

    function assertNotEq(address left, address right, string memory err) internal pure virtual {
        if (!(left != right)) StdText.differ(err, StdText.show(left), " == ", StdText.show(right));
    }

    function assertNotEq(bytes32 left, bytes32 right) internal pure virtual {
        assertNotEq(left, right, StdText.FAILED);
    }

    function assertNotEq(bytes32 left, bytes32 right, string memory err) internal pure virtual {
        if (!(left != right)) StdText.differ(err, StdText.show(left), " == ", StdText.show(right));
    }

    function assertNotEq(string memory left, string memory right) internal pure virtual {
        assertNotEq(left, right, StdText.FAILED);
    }

    function assertNotEq(string memory left, string memory right, string memory err) internal pure virtual {
        if (!(keccak256(bytes(left)) != keccak256(bytes(right)))) StdText.differ(err, StdText.show(left), " == ", StdText.show(right));
    }

    function assertNotEq(bytes memory left, bytes memory right) internal pure virtual {
        assertNotEq(left, right, StdText.FAILED);
    }

    function assertNotEq(bytes memory left, bytes memory right, string memory err) internal pure virtual {
        if (!(keccak256(left) != keccak256(right))) StdText.differ(err, StdText.show(left), " == ", StdText.show(right));
    }

    function assertNotEq(bool[] memory left, bool[] memory right) internal pure virtual {
        assertNotEq(left, right, StdText.FAILED);
    }

    function assertNotEq(bool[] memory left, bool[] memory right, string memory err) internal pure virtual {
        bool isSame = keccak256(abi.encode(left)) == keccak256(abi.encode(right));
        if (isSame) StdText.differ(err, StdText.show(left), " == ", StdText.show(right));
    }

    function assertNotEq(uint256[] memory left, uint256[] memory right) internal pure virtual {
        assertNotEq(left, right, StdText.FAILED);
    }

    function assertNotEq(uint256[] memory left, uint256[] memory right, string memory err) internal pure virtual {
        bool isSame = keccak256(abi.encode(left)) == keccak256(abi.encode(right));
        if (isSame) StdText.differ(err, StdText.show(left), " == ", StdText.show(right));
    }

    function assertNotEq(int256[] memory left, int256[] memory right) internal pure virtual {
        assertNotEq(left, right, StdText.FAILED);
    }

    function assertNotEq(int256[] memory left, int256[] memory right, string memory err) internal pure virtual {
        bool isSame = keccak256(abi.encode(left)) == keccak256(abi.encode(right));
        if (isSame) StdText.differ(err, StdText.show(left), " == ", StdText.show(right));
    }

    function assertNotEq(address[] memory left, address[] memory right) internal pure virtual {
        assertNotEq(left, right, StdText.FAILED);
    }

    function assertNotEq(address[] memory left, address[] memory right, string memory err) internal pure virtual {
        bool isSame = keccak256(abi.encode(left)) == keccak256(abi.encode(right));
        if (isSame) StdText.differ(err, StdText.show(left), " == ", StdText.show(right));
    }

    function assertNotEq(bytes32[] memory left, bytes32[] memory right) internal pure virtual {
        assertNotEq(left, right, StdText.FAILED);
    }

    function assertNotEq(bytes32[] memory left, bytes32[] memory right, string memory err) internal pure virtual {
        bool isSame = keccak256(abi.encode(left)) == keccak256(abi.encode(right));
        if (isSame) StdText.differ(err, StdText.show(left), " == ", StdText.show(right));
    }

    function assertNotEq(string[] memory left, string[] memory right) internal pure virtual {
        assertNotEq(left, right, StdText.FAILED);
    }

    function assertNotEq(string[] memory left, string[] memory right, string memory err) internal pure virtual {
        bool isSame = keccak256(abi.encode(left)) == keccak256(abi.encode(right));
        if (isSame) StdText.differ(err, StdText.show(left), " == ", StdText.show(right));
    }

    function assertNotEq(bytes[] memory left, bytes[] memory right) internal pure virtual {
        assertNotEq(left, right, StdText.FAILED);
    }

    function assertNotEq(bytes[] memory left, bytes[] memory right, string memory err) internal pure virtual {
        bool isSame = keccak256(abi.encode(left)) == keccak256(abi.encode(right));
        if (isSame) StdText.differ(err, StdText.show(left), " == ", StdText.show(right));
    }

    function assertNotEqDecimal(uint256 left, uint256 right, uint256 decimals) internal pure virtual {
        assertNotEqDecimal(left, right, decimals, StdText.FAILED);
    }

    function assertNotEqDecimal(uint256 left, uint256 right, uint256 decimals, string memory err) internal pure virtual {
        if (left != right) return;
        StdText.differ(err, StdText.decimal(left, decimals), " == ", StdText.decimal(right, decimals));
    }

    function assertNotEqDecimal(int256 left, int256 right, uint256 decimals) internal pure virtual {
        assertNotEqDecimal(left, right, decimals, StdText.FAILED);
    }

    function assertNotEqDecimal(int256 left, int256 right, uint256 decimals, string memory err) internal pure virtual {
        if (left != right) return;
        StdText.differ(err, StdText.decimal(left, decimals), " == ", StdText.decimal(right, decimals));
    }

    function assertEqUint(uint256 left, uint256 right) internal pure virtual {
        assertEq(left, right);
    }

    function assertEq32(bytes32 left, bytes32 right) internal pure virtual {
        assertEq(left, right);
    }

    function assertEq32(bytes32 left, bytes32 right, string memory err) internal pure virtual {
        assertEq(left, right, err);
    }

    function assertNotEq32(bytes32 left, bytes32 right) internal pure virtual {
        assertNotEq(left, right);
    }

    function assertNotEq32(bytes32 left, bytes32 right, string memory err) internal pure virtual {
        assertNotEq(left, right, err);
    }

    function assertEq0(bytes memory left, bytes memory right) internal pure virtual {
        assertEq(left, right);
    }

    function assertEq0(bytes memory left, bytes memory right, string memory err) internal pure virtual {
        assertEq(left, right, err);
    }
}
