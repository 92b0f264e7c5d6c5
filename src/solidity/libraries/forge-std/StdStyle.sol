// SPDX-License-Identifier: MIT
pragma solidity >=0.8.9 <0.9.0;

import {VmSafe} from "./Vm.sol";

/// Colours for what a test or script prints: ANSI escapes around the text of a value.
library StdStyle {
    VmSafe private constant vm = VmSafe(address(uint160(uint256(keccak256("hevm cheat code")))));

    function _styled(string memory code, string memory text) private pure returns (string memory) {
        return string(abi.encodePacked("\x1b[", code, "m", text, "\x1b[0m"));
    }

    function red(string memory value) internal pure returns (string memory) { return _styled("91", value); }
    function red(uint256 value) internal pure returns (string memory) { return _styled("91", vm.toString(value)); }
    function red(int256 value) internal pure returns (string memory) { return _styled("91", vm.toString(value)); }
    function red(address value) internal pure returns (string memory) { return _styled("91", vm.toString(value)); }
    function red(bool value) internal pure returns (string memory) { return _styled("91", vm.toString(value)); }
    function redBytes(bytes memory value) internal pure returns (string memory) { return _styled("91", vm.toString(value)); }
    function redBytes32(bytes32 value) internal pure returns (string memory) { return _styled("91", vm.toString(value)); }

    function green(string memory value) internal pure returns (string memory) { return _styled("92", value); }
    function green(uint256 value) internal pure returns (string memory) { return _styled("92", vm.toString(value)); }
    function green(int256 value) internal pure returns (string memory) { return _styled("92", vm.toString(value)); }
    function green(address value) internal pure returns (string memory) { return _styled("92", vm.toString(value)); }
    function green(bool value) internal pure returns (string memory) { return _styled("92", vm.toString(value)); }
    function greenBytes(bytes memory value) internal pure returns (string memory) { return _styled("92", vm.toString(value)); }
    function greenBytes32(bytes32 value) internal pure returns (string memory) { return _styled("92", vm.toString(value)); }

    function yellow(string memory value) internal pure returns (string memory) { return _styled("93", value); }
    function yellow(uint256 value) internal pure returns (string memory) { return _styled("93", vm.toString(value)); }
    function yellow(int256 value) internal pure returns (string memory) { return _styled("93", vm.toString(value)); }
    function yellow(address value) internal pure returns (string memory) { return _styled("93", vm.toString(value)); }
    function yellow(bool value) internal pure returns (string memory) { return _styled("93", vm.toString(value)); }
    function yellowBytes(bytes memory value) internal pure returns (string memory) { return _styled("93", vm.toString(value)); }
    function yellowBytes32(bytes32 value) internal pure returns (string memory) { return _styled("93", vm.toString(value)); }

    function blue(string memory value) internal pure returns (string memory) { return _styled("94", value); }
    function blue(uint256 value) internal pure returns (string memory) { return _styled("94", vm.toString(value)); }
    function blue(int256 value) internal pure returns (string memory) { return _styled("94", vm.toString(value)); }
    function blue(address value) internal pure returns (string memory) { return _styled("94", vm.toString(value)); }
    function blue(bool value) internal pure returns (string memory) { return _styled("94", vm.toString(value)); }
    function blueBytes(bytes memory value) internal pure returns (string memory) { return _styled("94", vm.toString(value)); }
    function blueBytes32(bytes32 value) internal pure returns (string memory) { return _styled("94", vm.toString(value)); }

    function magenta(string memory value) internal pure returns (string memory) { return _styled("95", value); }
    function magenta(uint256 value) internal pure returns (string memory) { return _styled("95", vm.toString(value)); }
    function magenta(int256 value) internal pure returns (string memory) { return _styled("95", vm.toString(value)); }
    function magenta(address value) internal pure returns (string memory) { return _styled("95", vm.toString(value)); }
    function magenta(bool value) internal pure returns (string memory) { return _styled("95", vm.toString(value)); }
    function magentaBytes(bytes memory value) internal pure returns (string memory) { return _styled("95", vm.toString(value)); }
    function magentaBytes32(bytes32 value) internal pure returns (string memory) { return _styled("95", vm.toString(value)); }

    function cyan(string memory value) internal pure returns (string memory) { return _styled("96", value); }
    function cyan(uint256 value) internal pure returns (string memory) { return _styled("96", vm.toString(value)); }
    function cyan(int256 value) internal pure returns (string memory) { return _styled("96", vm.toString(value)); }
    function cyan(address value) internal pure returns (string memory) { return _styled("96", vm.toString(value)); }
    function cyan(bool value) internal pure returns (string memory) { return _styled("96", vm.toString(value)); }
    function cyanBytes(bytes memory value) internal pure returns (string memory) { return _styled("96", vm.toString(value)); }
    function cyanBytes32(bytes32 value) internal pure returns (string memory) { return _styled("96", vm.toString(value)); }

    function bold(string memory value) internal pure returns (string memory) { return _styled("1", value); }
    function bold(uint256 value) internal pure returns (string memory) { return _styled("1", vm.toString(value)); }
    function bold(int256 value) internal pure returns (string memory) { return _styled("1", vm.toString(value)); }
    function bold(address value) internal pure returns (string memory) { return _styled("1", vm.toString(value)); }
    function bold(bool value) internal pure returns (string memory) { return _styled("1", vm.toString(value)); }
    function boldBytes(bytes memory value) internal pure returns (string memory) { return _styled("1", vm.toString(value)); }
    function boldBytes32(bytes32 value) internal pure returns (string memory) { return _styled("1", vm.toString(value)); }

    function dim(string memory value) internal pure returns (string memory) { return _styled("2", value); }
    function dim(uint256 value) internal pure returns (string memory) { return _styled("2", vm.toString(value)); }
    function dim(int256 value) internal pure returns (string memory) { return _styled("2", vm.toString(value)); }
    function dim(address value) internal pure returns (string memory) { return _styled("2", vm.toString(value)); }
    function dim(bool value) internal pure returns (string memory) { return _styled("2", vm.toString(value)); }
    function dimBytes(bytes memory value) internal pure returns (string memory) { return _styled("2", vm.toString(value)); }
    function dimBytes32(bytes32 value) internal pure returns (string memory) { return _styled("2", vm.toString(value)); }

    function italic(string memory value) internal pure returns (string memory) { return _styled("3", value); }
    function italic(uint256 value) internal pure returns (string memory) { return _styled("3", vm.toString(value)); }
    function italic(int256 value) internal pure returns (string memory) { return _styled("3", vm.toString(value)); }
    function italic(address value) internal pure returns (string memory) { return _styled("3", vm.toString(value)); }
    function italic(bool value) internal pure returns (string memory) { return _styled("3", vm.toString(value)); }
    function italicBytes(bytes memory value) internal pure returns (string memory) { return _styled("3", vm.toString(value)); }
    function italicBytes32(bytes32 value) internal pure returns (string memory) { return _styled("3", vm.toString(value)); }

    function underline(string memory value) internal pure returns (string memory) { return _styled("4", value); }
    function underline(uint256 value) internal pure returns (string memory) { return _styled("4", vm.toString(value)); }
    function underline(int256 value) internal pure returns (string memory) { return _styled("4", vm.toString(value)); }
    function underline(address value) internal pure returns (string memory) { return _styled("4", vm.toString(value)); }
    function underline(bool value) internal pure returns (string memory) { return _styled("4", vm.toString(value)); }
    function underlineBytes(bytes memory value) internal pure returns (string memory) { return _styled("4", vm.toString(value)); }
    function underlineBytes32(bytes32 value) internal pure returns (string memory) { return _styled("4", vm.toString(value)); }

    function inverse(string memory value) internal pure returns (string memory) { return _styled("7", value); }
    function inverse(uint256 value) internal pure returns (string memory) { return _styled("7", vm.toString(value)); }
    function inverse(int256 value) internal pure returns (string memory) { return _styled("7", vm.toString(value)); }
    function inverse(address value) internal pure returns (string memory) { return _styled("7", vm.toString(value)); }
    function inverse(bool value) internal pure returns (string memory) { return _styled("7", vm.toString(value)); }
    function inverseBytes(bytes memory value) internal pure returns (string memory) { return _styled("7", vm.toString(value)); }
    function inverseBytes32(bytes32 value) internal pure returns (string memory) { return _styled("7", vm.toString(value)); }
}
