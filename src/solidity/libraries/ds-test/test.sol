// SPDX-License-Identifier: MIT
pragma solidity >=0.5.0 <0.9.0;

/// What test contracts inherited from before forge-std. A failed assertion writes events and goes on; who runs the test
/// asks `failed()` in the end.
contract DSTest {
    event log(string);
    event logs(bytes);
    event log_address(address);
    event log_bytes32(bytes32);
    event log_int(int256);
    event log_uint(uint256);
    event log_bytes(bytes);
    event log_string(string);
    event log_named_address(string key, address val);
    event log_named_bytes32(string key, bytes32 val);
    event log_named_decimal_int(string key, int256 val, uint256 decimals);
    event log_named_decimal_uint(string key, uint256 val, uint256 decimals);
    event log_named_int(string key, int256 val);
    event log_named_uint(string key, uint256 val);
    event log_named_bytes(string key, bytes val);
    event log_named_string(string key, string val);

    bool public IS_TEST = true;
    bool private _failed;
    address constant HEVM_ADDRESS = address(bytes20(uint160(uint256(keccak256("hevm cheat code")))));

    modifier mayRevert() { _; }
    modifier testopts(string memory) { _; }

    modifier logs_gas() {
        uint256 before = gasleft();
        _;
        emit log_named_uint("gas", before - gasleft());
    }

    /// Where there are cheatcodes a failure is remembered at their address, so that a revert does not undo it.
    function failed() public returns (bool) {
        if (_failed || !_hasCheatcodes()) return _failed;
        bytes memory question = abi.encodeWithSignature("load(address,bytes32)", HEVM_ADDRESS, bytes32("failed"));
        (bool success, bytes memory answer) = HEVM_ADDRESS.call(question);
        return success && abi.decode(answer, (bytes32)) != bytes32(0);
    }

    function fail() internal {
        if (_hasCheatcodes()) {
            bytes32 yes = bytes32(uint256(1));
            bytes memory note =
                abi.encodeWithSignature("store(address,bytes32,bytes32)", HEVM_ADDRESS, bytes32("failed"), yes);
            (bool success,) = HEVM_ADDRESS.call(note);
            success;
        }
        _failed = true;
    }

    function assertTrue(bool condition) internal {
        if (condition) return;
        emit log("Error: Assertion Failed");
        fail();
    }

    function assertTrue(bool condition, string memory err) internal {
        if (condition) return;
        emit log_named_string("Error", err);
        assertTrue(condition);
    }

    function assertEq(address a, address b) internal {
        if (a == b) return;
        emit log("Error: a == b not satisfied [address]");
        emit log_named_address("      Left", a);
        emit log_named_address("     Right", b);
        fail();
    }

    function assertEq(address a, address b, string memory err) internal {
        if (a == b) return;
        emit log_named_string("Error", err);
        assertEq(a, b);
    }

    function assertEq(bytes32 a, bytes32 b) internal {
        if (a == b) return;
        emit log("Error: a == b not satisfied [bytes32]");
        emit log_named_bytes32("      Left", a);
        emit log_named_bytes32("     Right", b);
        fail();
    }

    function assertEq(bytes32 a, bytes32 b, string memory err) internal {
        if (a == b) return;
        emit log_named_string("Error", err);
        assertEq(a, b);
    }

    function assertEq(int256 a, int256 b) internal {
        if (a == b) return;
        emit log("Error: a == b not satisfied [int]");
        emit log_named_int("      Left", a);
        emit log_named_int("     Right", b);
        fail();
    }

    function assertEq(int256 a, int256 b, string memory err) internal {
        if (a == b) return;
        emit log_named_string("Error", err);
        assertEq(a, b);
    }

    function assertEq(uint256 a, uint256 b) internal {
        if (a == b) return;
        emit log("Error: a == b not satisfied [uint]");
        emit log_named_uint("      Left", a);
        emit log_named_uint("     Right", b);
        fail();
    }

    function assertEq(uint256 a, uint256 b, string memory err) internal {
        if (a == b) return;
        emit log_named_string("Error", err);
        assertEq(a, b);
    }

    function assertEq(string memory a, string memory b) internal {
        if (keccak256(bytes(a)) == keccak256(bytes(b))) return;
        emit log("Error: a == b not satisfied [string]");
        emit log_named_string("      Left", a);
        emit log_named_string("     Right", b);
        fail();
    }

    function assertEq(string memory a, string memory b, string memory err) internal {
        if (keccak256(bytes(a)) == keccak256(bytes(b))) return;
        emit log_named_string("Error", err);
        assertEq(a, b);
    }

    function assertEq0(bytes memory a, bytes memory b) internal {
        if (keccak256(a) == keccak256(b)) return;
        emit log("Error: a == b not satisfied [bytes]");
        emit log_named_bytes("      Left", a);
        emit log_named_bytes("     Right", b);
        fail();
    }

    function assertEq0(bytes memory a, bytes memory b, string memory err) internal {
        if (keccak256(a) == keccak256(b)) return;
        emit log_named_string("Error", err);
        assertEq0(a, b);
    }

    function assertEqDecimal(int256 a, int256 b, uint256 decimals) internal {
        if (a == b) return;
        emit log("Error: a == b not satisfied [int]");
        emit log_named_decimal_int("      Left", a, decimals);
        emit log_named_decimal_int("     Right", b, decimals);
        fail();
    }

    function assertEqDecimal(int256 a, int256 b, uint256 decimals, string memory err) internal {
        if (a == b) return;
        emit log_named_string("Error", err);
        assertEqDecimal(a, b, decimals);
    }

    function assertEqDecimal(uint256 a, uint256 b, uint256 decimals) internal {
        if (a == b) return;
        emit log("Error: a == b not satisfied [uint]");
        emit log_named_decimal_uint("      Left", a, decimals);
        emit log_named_decimal_uint("     Right", b, decimals);
        fail();
    }

    function assertEqDecimal(uint256 a, uint256 b, uint256 decimals, string memory err) internal {
        if (a == b) return;
        emit log_named_string("Error", err);
        assertEqDecimal(a, b, decimals);
    }

    function assertNotEq(address a, address b) internal {
        if (a != b) return;
        emit log("Error: a != b not satisfied [address]");
        emit log_named_address("      Left", a);
        emit log_named_address("     Right", b);
        fail();
    }

    function assertNotEq(address a, address b, string memory err) internal {
        if (a != b) return;
        emit log_named_string("Error", err);
        assertNotEq(a, b);
    }

    function assertNotEq(bytes32 a, bytes32 b) internal {
        if (a != b) return;
        emit log("Error: a != b not satisfied [bytes32]");
        emit log_named_bytes32("      Left", a);
        emit log_named_bytes32("     Right", b);
        fail();
    }

    function assertNotEq(bytes32 a, bytes32 b, string memory err) internal {
        if (a != b) return;
        emit log_named_string("Error", err);
        assertNotEq(a, b);
    }

    function assertNotEq(int256 a, int256 b) internal {
        if (a != b) return;
        emit log("Error: a != b not satisfied [int]");
        emit log_named_int("      Left", a);
        emit log_named_int("     Right", b);
        fail();
    }

    function assertNotEq(int256 a, int256 b, string memory err) internal {
        if (a != b) return;
        emit log_named_string("Error", err);
        assertNotEq(a, b);
    }

    function assertNotEq(uint256 a, uint256 b) internal {
        if (a != b) return;
        emit log("Error: a != b not satisfied [uint]");
        emit log_named_uint("      Left", a);
        emit log_named_uint("     Right", b);
        fail();
    }

    function assertNotEq(uint256 a, uint256 b, string memory err) internal {
        if (a != b) return;
        emit log_named_string("Error", err);
        assertNotEq(a, b);
    }

    function assertNotEq(string memory a, string memory b) internal {
        if (keccak256(bytes(a)) != keccak256(bytes(b))) return;
        emit log("Error: a != b not satisfied [string]");
        emit log_named_string("      Left", a);
        emit log_named_string("     Right", b);
        fail();
    }

    function assertNotEq(string memory a, string memory b, string memory err) internal {
        if (keccak256(bytes(a)) != keccak256(bytes(b))) return;
        emit log_named_string("Error", err);
        assertNotEq(a, b);
    }

    function assertNotEq0(bytes memory a, bytes memory b) internal {
        if (keccak256(a) != keccak256(b)) return;
        emit log("Error: a != b not satisfied [bytes]");
        emit log_named_bytes("      Left", a);
        emit log_named_bytes("     Right", b);
        fail();
    }

    function assertNotEq0(bytes memory a, bytes memory b, string memory err) internal {
        if (keccak256(a) != keccak256(b)) return;
        emit log_named_string("Error", err);
        assertNotEq0(a, b);
    }

    function assertNotEqDecimal(int256 a, int256 b, uint256 decimals) internal {
        if (a != b) return;
        emit log("Error: a != b not satisfied [int]");
        emit log_named_decimal_int("      Left", a, decimals);
        emit log_named_decimal_int("     Right", b, decimals);
        fail();
    }

    function assertNotEqDecimal(int256 a, int256 b, uint256 decimals, string memory err) internal {
        if (a != b) return;
        emit log_named_string("Error", err);
        assertNotEqDecimal(a, b, decimals);
    }

    function assertNotEqDecimal(uint256 a, uint256 b, uint256 decimals) internal {
        if (a != b) return;
        emit log("Error: a != b not satisfied [uint]");
        emit log_named_decimal_uint("      Left", a, decimals);
        emit log_named_decimal_uint("     Right", b, decimals);
        fail();
    }

    function assertNotEqDecimal(uint256 a, uint256 b, uint256 decimals, string memory err) internal {
        if (a != b) return;
        emit log_named_string("Error", err);
        assertNotEqDecimal(a, b, decimals);
    }

    function assertEq32(bytes32 a, bytes32 b) internal { assertEq(a, b); }
    function assertEq32(bytes32 a, bytes32 b, string memory err) internal { assertEq(a, b, err); }
    function assertNotEq32(bytes32 a, bytes32 b) internal { assertNotEq(a, b); }
    function assertNotEq32(bytes32 a, bytes32 b, string memory err) internal { assertNotEq(a, b, err); }

    function assertGt(uint256 a, uint256 b) internal {
        if (a > b) return;
        emit log("Error: a > b not satisfied [uint]");
        emit log_named_uint("      Left", a);
        emit log_named_uint("     Right", b);
        fail();
    }

    function assertGt(uint256 a, uint256 b, string memory err) internal {
        if (a > b) return;
        emit log_named_string("Error", err);
        assertGt(a, b);
    }

    function assertGtDecimal(uint256 a, uint256 b, uint256 decimals) internal {
        if (a > b) return;
        emit log("Error: a > b not satisfied [uint]");
        emit log_named_decimal_uint("      Left", a, decimals);
        emit log_named_decimal_uint("     Right", b, decimals);
        fail();
    }

    function assertGtDecimal(uint256 a, uint256 b, uint256 decimals, string memory err) internal {
        if (a > b) return;
        emit log_named_string("Error", err);
        assertGtDecimal(a, b, decimals);
    }

    function assertGt(int256 a, int256 b) internal {
        if (a > b) return;
        emit log("Error: a > b not satisfied [int]");
        emit log_named_int("      Left", a);
        emit log_named_int("     Right", b);
        fail();
    }

    function assertGt(int256 a, int256 b, string memory err) internal {
        if (a > b) return;
        emit log_named_string("Error", err);
        assertGt(a, b);
    }

    function assertGtDecimal(int256 a, int256 b, uint256 decimals) internal {
        if (a > b) return;
        emit log("Error: a > b not satisfied [int]");
        emit log_named_decimal_int("      Left", a, decimals);
        emit log_named_decimal_int("     Right", b, decimals);
        fail();
    }

    function assertGtDecimal(int256 a, int256 b, uint256 decimals, string memory err) internal {
        if (a > b) return;
        emit log_named_string("Error", err);
        assertGtDecimal(a, b, decimals);
    }

    function assertGe(uint256 a, uint256 b) internal {
        if (a >= b) return;
        emit log("Error: a >= b not satisfied [uint]");
        emit log_named_uint("      Left", a);
        emit log_named_uint("     Right", b);
        fail();
    }

    function assertGe(uint256 a, uint256 b, string memory err) internal {
        if (a >= b) return;
        emit log_named_string("Error", err);
        assertGe(a, b);
    }

    function assertGeDecimal(uint256 a, uint256 b, uint256 decimals) internal {
        if (a >= b) return;
        emit log("Error: a >= b not satisfied [uint]");
        emit log_named_decimal_uint("      Left", a, decimals);
        emit log_named_decimal_uint("     Right", b, decimals);
        fail();
    }

    function assertGeDecimal(uint256 a, uint256 b, uint256 decimals, string memory err) internal {
        if (a >= b) return;
        emit log_named_string("Error", err);
        assertGeDecimal(a, b, decimals);
    }

    function assertGe(int256 a, int256 b) internal {
        if (a >= b) return;
        emit log("Error: a >= b not satisfied [int]");
        emit log_named_int("      Left", a);
        emit log_named_int("     Right", b);
        fail();
    }

    function assertGe(int256 a, int256 b, string memory err) internal {
        if (a >= b) return;
        emit log_named_string("Error", err);
        assertGe(a, b);
    }

    function assertGeDecimal(int256 a, int256 b, uint256 decimals) internal {
        if (a >= b) return;
        emit log("Error: a >= b not satisfied [int]");
        emit log_named_decimal_int("      Left", a, decimals);
        emit log_named_decimal_int("     Right", b, decimals);
        fail();
    }

    function assertGeDecimal(int256 a, int256 b, uint256 decimals, string memory err) internal {
        if (a >= b) return;
        emit log_named_string("Error", err);
        assertGeDecimal(a, b, decimals);
    }

    function assertLt(uint256 a, uint256 b) internal {
        if (a < b) return;
        emit log("Error: a < b not satisfied [uint]");
        emit log_named_uint("      Left", a);
        emit log_named_uint("     Right", b);
        fail();
    }

    function assertLt(uint256 a, uint256 b, string memory err) internal {
        if (a < b) return;
        emit log_named_string("Error", err);
        assertLt(a, b);
    }

    function assertLtDecimal(uint256 a, uint256 b, uint256 decimals) internal {
        if (a < b) return;
        emit log("Error: a < b not satisfied [uint]");
        emit log_named_decimal_uint("      Left", a, decimals);
        emit log_named_decimal_uint("     Right", b, decimals);
        fail();
    }

    function assertLtDecimal(uint256 a, uint256 b, uint256 decimals, string memory err) internal {
        if (a < b) return;
        emit log_named_string("Error", err);
        assertLtDecimal(a, b, decimals);
    }

    function assertLt(int256 a, int256 b) internal {
        if (a < b) return;
        emit log("Error: a < b not satisfied [int]");
        emit log_named_int("      Left", a);
        emit log_named_int("     Right", b);
        fail();
    }

    function assertLt(int256 a, int256 b, string memory err) internal {
        if (a < b) return;
        emit log_named_string("Error", err);
        assertLt(a, b);
    }

    function assertLtDecimal(int256 a, int256 b, uint256 decimals) internal {
        if (a < b) return;
        emit log("Error: a < b not satisfied [int]");
        emit log_named_decimal_int("      Left", a, decimals);
        emit log_named_decimal_int("     Right", b, decimals);
        fail();
    }

    function assertLtDecimal(int256 a, int256 b, uint256 decimals, string memory err) internal {
        if (a < b) return;
        emit log_named_string("Error", err);
        assertLtDecimal(a, b, decimals);
    }

    function assertLe(uint256 a, uint256 b) internal {
        if (a <= b) return;
        emit log("Error: a <= b not satisfied [uint]");
        emit log_named_uint("      Left", a);
        emit log_named_uint("     Right", b);
        fail();
    }

    function assertLe(uint256 a, uint256 b, string memory err) internal {
        if (a <= b) return;
        emit log_named_string("Error", err);
        assertLe(a, b);
    }

    function assertLeDecimal(uint256 a, uint256 b, uint256 decimals) internal {
        if (a <= b) return;
        emit log("Error: a <= b not satisfied [uint]");
        emit log_named_decimal_uint("      Left", a, decimals);
        emit log_named_decimal_uint("     Right", b, decimals);
        fail();
    }

    function assertLeDecimal(uint256 a, uint256 b, uint256 decimals, string memory err) internal {
        if (a <= b) return;
        emit log_named_string("Error", err);
        assertLeDecimal(a, b, decimals);
    }

    function assertLe(int256 a, int256 b) internal {
        if (a <= b) return;
        emit log("Error: a <= b not satisfied [int]");
        emit log_named_int("      Left", a);
        emit log_named_int("     Right", b);
        fail();
    }

    function assertLe(int256 a, int256 b, string memory err) internal {
        if (a <= b) return;
        emit log_named_string("Error", err);
        assertLe(a, b);
    }

    function assertLeDecimal(int256 a, int256 b, uint256 decimals) internal {
        if (a <= b) return;
        emit log("Error: a <= b not satisfied [int]");
        emit log_named_decimal_int("      Left", a, decimals);
        emit log_named_decimal_int("     Right", b, decimals);
        fail();
    }

    function assertLeDecimal(int256 a, int256 b, uint256 decimals, string memory err) internal {
        if (a <= b) return;
        emit log_named_string("Error", err);
        assertLeDecimal(a, b, decimals);
    }

    function _hasCheatcodes() private view returns (bool) {
        uint256 size;
        address cheatcodes = HEVM_ADDRESS;
        assembly { size := extcodesize(cheatcodes) }
        return size > 0;
    }
}
