// SPDX-License-Identifier: MIT
pragma solidity >=0.8.9 <0.9.0;

import {VmSafe} from "./Vm.sol";

/// Reads and writes JSON: `using stdJson for string`. Paths are JSONPath, such as `.owner` or `$.list[0]`.
library stdJson {
    VmSafe private constant vm = VmSafe(address(uint160(uint256(keccak256("hevm cheat code")))));

    function keyExists(string memory json, string memory key) internal view returns (bool) {
        return vm.keyExistsJson(json, key);
    }

    function parseRaw(string memory json, string memory key) internal pure returns (bytes memory) {
        return vm.parseJson(json, key);
    }

    function readUint(string memory json, string memory key) internal pure returns (uint256) {
        return vm.parseJsonUint(json, key);
    }

    function readUintArray(string memory json, string memory key) internal pure returns (uint256[] memory) {
        return vm.parseJsonUintArray(json, key);
    }

    function readInt(string memory json, string memory key) internal pure returns (int256) {
        return vm.parseJsonInt(json, key);
    }

    function readIntArray(string memory json, string memory key) internal pure returns (int256[] memory) {
        return vm.parseJsonIntArray(json, key);
    }

    function readBool(string memory json, string memory key) internal pure returns (bool) {
        return vm.parseJsonBool(json, key);
    }

    function readBoolArray(string memory json, string memory key) internal pure returns (bool[] memory) {
        return vm.parseJsonBoolArray(json, key);
    }

    function readAddress(string memory json, string memory key) internal pure returns (address) {
        return vm.parseJsonAddress(json, key);
    }

    function readAddressArray(string memory json, string memory key) internal pure returns (address[] memory) {
        return vm.parseJsonAddressArray(json, key);
    }

    function readBytes32(string memory json, string memory key) internal pure returns (bytes32) {
        return vm.parseJsonBytes32(json, key);
    }

    function readBytes32Array(string memory json, string memory key) internal pure returns (bytes32[] memory) {
        return vm.parseJsonBytes32Array(json, key);
    }

    function readString(string memory json, string memory key) internal pure returns (string memory) {
        return vm.parseJsonString(json, key);
    }

    function readStringArray(string memory json, string memory key) internal pure returns (string[] memory) {
        return vm.parseJsonStringArray(json, key);
    }

    function readBytes(string memory json, string memory key) internal pure returns (bytes memory) {
        return vm.parseJsonBytes(json, key);
    }

    function readBytesArray(string memory json, string memory key) internal pure returns (bytes[] memory) {
        return vm.parseJsonBytesArray(json, key);
    }

    function readUintOr(string memory json, string memory key, uint256 otherwise) internal view returns (uint256) {
        return keyExists(json, key) ? readUint(json, key) : otherwise;
    }

    function readIntOr(string memory json, string memory key, int256 otherwise) internal view returns (int256) {
        return keyExists(json, key) ? readInt(json, key) : otherwise;
    }

    function readBoolOr(string memory json, string memory key, bool otherwise) internal view returns (bool) {
        return keyExists(json, key) ? readBool(json, key) : otherwise;
    }

    function readAddressOr(string memory json, string memory key, address otherwise) internal view returns (address) {
        return keyExists(json, key) ? readAddress(json, key) : otherwise;
    }

    function readBytes32Or(string memory json, string memory key, bytes32 otherwise) internal view returns (bytes32) {
        return keyExists(json, key) ? readBytes32(json, key) : otherwise;
    }

    function readStringOr(string memory json, string memory key, string memory otherwise) internal view returns (string memory) {
        return keyExists(json, key) ? readString(json, key) : otherwise;
    }

    function readBytesOr(string memory json, string memory key, bytes memory otherwise) internal view returns (bytes memory) {
        return keyExists(json, key) ? readBytes(json, key) : otherwise;
    }

    function serialize(string memory objectKey, string memory key, uint256 value) internal returns (string memory) {
        return vm.serializeUint(objectKey, key, value);
    }

    function serialize(string memory objectKey, string memory key, uint256[] memory values) internal returns (string memory) {
        return vm.serializeUint(objectKey, key, values);
    }

    function serialize(string memory objectKey, string memory key, int256 value) internal returns (string memory) {
        return vm.serializeInt(objectKey, key, value);
    }

    function serialize(string memory objectKey, string memory key, int256[] memory values) internal returns (string memory) {
        return vm.serializeInt(objectKey, key, values);
    }

    function serialize(string memory objectKey, string memory key, bool value) internal returns (string memory) {
        return vm.serializeBool(objectKey, key, value);
    }

    function serialize(string memory objectKey, string memory key, bool[] memory values) internal returns (string memory) {
        return vm.serializeBool(objectKey, key, values);
    }

    function serialize(string memory objectKey, string memory key, address value) internal returns (string memory) {
        return vm.serializeAddress(objectKey, key, value);
    }

    function serialize(string memory objectKey, string memory key, address[] memory values) internal returns (string memory) {
        return vm.serializeAddress(objectKey, key, values);
    }

    function serialize(string memory objectKey, string memory key, bytes32 value) internal returns (string memory) {
        return vm.serializeBytes32(objectKey, key, value);
    }

    function serialize(string memory objectKey, string memory key, bytes32[] memory values) internal returns (string memory) {
        return vm.serializeBytes32(objectKey, key, values);
    }

    function serialize(string memory objectKey, string memory key, string memory value) internal returns (string memory) {
        return vm.serializeString(objectKey, key, value);
    }

    function serialize(string memory objectKey, string memory key, string[] memory values) internal returns (string memory) {
        return vm.serializeString(objectKey, key, values);
    }

    function serialize(string memory objectKey, string memory key, bytes memory value) internal returns (string memory) {
        return vm.serializeBytes(objectKey, key, value);
    }

    function serialize(string memory objectKey, string memory key, bytes[] memory values) internal returns (string memory) {
        return vm.serializeBytes(objectKey, key, values);
    }

    function serialize(string memory objectKey, string memory rootObject) internal returns (string memory) {
        return vm.serializeJson(objectKey, rootObject);
    }

    function write(string memory json, string memory path) internal {
        vm.writeJson(json, path);
    }

    function write(string memory json, string memory path, string memory valueKey) internal {
        vm.writeJson(json, path, valueKey);
    }
}
