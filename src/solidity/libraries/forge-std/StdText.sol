// SPDX-License-Identifier: MIT
pragma solidity >=0.8.9 <0.9.0;

/// Values as people read them, for the messages of assertions. Solidity only: an assertion says what is wrong in any EVM.
library StdText {
    string internal constant FAILED = "assertion failed";

    bytes16 private constant DIGITS = "0123456789abcdef";

    function show(bool value) internal pure returns (string memory) {
        return value ? "true" : "false";
    }

    function show(uint256 value) internal pure returns (string memory) {
        uint256 length = 1;
        for (uint256 rest = value / 10; rest > 0; rest /= 10) length++;
        bytes memory text = new bytes(length);
        for (uint256 i = length; i > 0; i--) {
            text[i - 1] = DIGITS[value % 10];
            value /= 10;
        }
        return string(text);
    }

    function show(int256 value) internal pure returns (string memory) {
        return join(value < 0 ? "-" : "", show(size(value)));
    }

    function show(address value) internal pure returns (string memory) {
        return show(abi.encodePacked(value));
    }

    function show(bytes32 value) internal pure returns (string memory) {
        return show(abi.encodePacked(value));
    }

    function show(string memory value) internal pure returns (string memory) {
        return value;
    }

    function show(bytes memory value) internal pure returns (string memory) {
        bytes memory text = new bytes(2 + 2 * value.length);
        (text[0], text[1]) = ("0", "x");
        for (uint256 i = 0; i < value.length; i++) {
            text[2 + 2 * i] = DIGITS[uint8(value[i]) >> 4];
            text[3 + 2 * i] = DIGITS[uint8(value[i]) & 15];
        }
        return string(text);
    }

    function show(bool[] memory values) internal pure returns (string memory list) {
        for (uint256 i = 0; i < values.length; i++) list = _append(list, show(values[i]));
        return _list(list);
    }

    function show(uint256[] memory values) internal pure returns (string memory list) {
        for (uint256 i = 0; i < values.length; i++) list = _append(list, show(values[i]));
        return _list(list);
    }

    function show(int256[] memory values) internal pure returns (string memory list) {
        for (uint256 i = 0; i < values.length; i++) list = _append(list, show(values[i]));
        return _list(list);
    }

    function show(address[] memory values) internal pure returns (string memory list) {
        for (uint256 i = 0; i < values.length; i++) list = _append(list, show(values[i]));
        return _list(list);
    }

    function show(bytes32[] memory values) internal pure returns (string memory list) {
        for (uint256 i = 0; i < values.length; i++) list = _append(list, show(values[i]));
        return _list(list);
    }

    function show(string[] memory values) internal pure returns (string memory list) {
        for (uint256 i = 0; i < values.length; i++) list = _append(list, show(values[i]));
        return _list(list);
    }

    function show(bytes[] memory values) internal pure returns (string memory list) {
        for (uint256 i = 0; i < values.length; i++) list = _append(list, show(values[i]));
        return _list(list);
    }

    /// 1500 with 3 decimals is "1.500".
    function decimal(uint256 value, uint256 decimals) internal pure returns (string memory) {
        if (decimals == 0) return show(value);
        bytes memory digits = bytes(show(value));
        uint256 whole = digits.length > decimals ? digits.length - decimals : 1;
        bytes memory text = new bytes(whole + 1 + decimals);
        uint256 missing = whole + decimals - digits.length;
        for (uint256 i = 0; i < whole + decimals; i++) {
            text[i < whole ? i : i + 1] = i < missing ? bytes1("0") : digits[i - missing];
        }
        text[whole] = ".";
        return string(text);
    }

    function decimal(int256 value, uint256 decimals) internal pure returns (string memory) {
        return join(value < 0 ? "-" : "", decimal(size(value), decimals));
    }

    /// A part of 1e18 in per cent with two places: 0.05e18 is "5.00%".
    function percent(uint256 part) internal pure returns (string memory) {
        return join(decimal(part / 1e14, 2), "%");
    }

    function join(string memory left, string memory right) internal pure returns (string memory) {
        return string(abi.encodePacked(left, right));
    }

    function size(int256 value) internal pure returns (uint256) {
        // Not -value: the smallest has no positive twin.
        return value < 0 ? uint256(-(value + 1)) + 1 : uint256(value);
    }

    function _append(string memory list, string memory next) private pure returns (string memory) {
        return bytes(list).length == 0 ? next : string(abi.encodePacked(list, ", ", next));
    }

    function _list(string memory inner) private pure returns (string memory) {
        return string(abi.encodePacked("[", inner, "]"));
    }

    /// Ends the test with both values.
    function differ(string memory err, string memory left, string memory sign, string memory right) internal pure {
        revert(string(abi.encodePacked(err, ": ", left, sign, right)));
    }

    /// The right value, and how far it may be and is from the left one.
    function apart(string memory right, string memory most, string memory found)
        internal pure returns (string memory)
    {
        return string(abi.encodePacked(right, " (max delta: ", most, ", real delta: ", found, ")"));
    }
}
