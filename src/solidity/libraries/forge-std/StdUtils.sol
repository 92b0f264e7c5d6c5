// SPDX-License-Identifier: MIT
pragma solidity >=0.8.9 <0.9.0;

import {VmSafe} from "./Vm.sol";
import {console2} from "./console2.sol";
import {IERC20} from "./interfaces/IERC20.sol";

/// Inputs in bounds, addresses before there is code at them, and balances.
abstract contract StdUtils {
    VmSafe private constant vm = VmSafe(address(uint160(uint256(keccak256("hevm cheat code")))));
    address private constant DEPLOYER = 0x4e59b44847b379578588920cA78FbF26c0B4956C;
    uint256 private constant UINT_MAX = 2 ** 256 - 1;
    uint256 private constant HALF = 2 ** 255;
    uint256 private constant KEYS = 115792089237316195423570985008687907852837564279074904382605163141518161494337;

    /// Brings a fuzzed number between two others, both included. What is inside stays as it is, and the few numbers at
    /// either end of all numbers become those at the same end of the bounds, because tests are interested in ends.
    function _bound(uint256 x, uint256 min, uint256 max) internal pure virtual returns (uint256) {
        require(min <= max, "StdUtils bound: max is less than min");
        if (x >= min && x <= max) return x;
        uint256 last = max - min;
        uint256 size = last + 1;
        if (x <= 3 && x <= last) return min + x;
        uint256 fromEnd = UINT_MAX - x;
        if (fromEnd <= 3 && fromEnd <= last) return max - fromEnd;
        // Outside, the numbers go round: the one above `max` is `min`, the one below `min` is `max`.
        if (x > max) return min + (x - max - 1) % size;
        return max - (min - x - 1) % size;
    }

    function bound(uint256 x, uint256 min, uint256 max) internal pure virtual returns (uint256 result) {
        result = _bound(x, min, max);
        console2.log("Bound result", result);
    }

    /// The same for signed numbers, moved up by half of all numbers and back.
    function _bound(int256 x, int256 min, int256 max) internal pure virtual returns (int256) {
        require(min <= max, "StdUtils bound: max is less than min");
        return _signed(_bound(_unsigned(x), _unsigned(min), _unsigned(max)));
    }

    function bound(int256 x, int256 min, int256 max) internal pure virtual returns (int256 result) {
        result = _bound(x, min, max);
        console2.log("Bound result", vm.toString(result));
    }

    function boundPrivateKey(uint256 privateKey) internal pure virtual returns (uint256 result) {
        result = _bound(privateKey, 1, KEYS - 1);
    }

    function bytesToUint(bytes memory b) internal pure virtual returns (uint256) {
        require(b.length <= 32, "StdUtils bytesToUint: more than 32 bytes");
        uint256 value = 0;
        for (uint256 i = 0; i < b.length; i++) value = (value << 8) | uint8(b[i]);
        return value;
    }

    /// The address of a contract that is made with CREATE.
    function computeCreateAddress(address deployer, uint256 nonce) internal pure virtual returns (address) {
        return vm.computeCreateAddress(deployer, nonce);
    }

    /// The address of a contract that is made with CREATE2 (EIP-1014).
    function computeCreate2Address(bytes32 salt, bytes32 initcodeHash, address deployer)
        internal pure virtual returns (address)
    {
        return addressFromLast20Bytes(keccak256(abi.encodePacked(bytes1(0xff), deployer, salt, initcodeHash)));
    }

    function computeCreate2Address(bytes32 salt, bytes32 initCodeHash) internal pure returns (address) {
        return computeCreate2Address(salt, initCodeHash, DEPLOYER);
    }

    function hashInitCode(bytes memory creationCode) internal pure returns (bytes32) {
        return keccak256(creationCode);
    }

    function hashInitCode(bytes memory creationCode, bytes memory args) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(creationCode, args));
    }

    function getTokenBalances(address token, address[] memory addresses)
        internal view virtual returns (uint256[] memory balances)
    {
        uint256 size;
        assembly { size := extcodesize(token) }
        require(size > 0, "StdUtils getTokenBalances: the token has no code");
        balances = new uint256[](addresses.length);
        for (uint256 i = 0; i < addresses.length; i++) balances[i] = IERC20(token).balanceOf(addresses[i]);
    }

    function addressFromLast20Bytes(bytes32 bytesValue) private pure returns (address) {
        return address(uint160(uint256(bytesValue)));
    }

    function _unsigned(int256 x) private pure returns (uint256) {
        return uint256(x) ^ HALF;
    }

    function _signed(uint256 x) private pure returns (int256) {
        return int256(x ^ HALF);
    }
}
