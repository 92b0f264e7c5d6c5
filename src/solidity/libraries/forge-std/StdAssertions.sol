// SPDX-License-Identifier: MIT
pragma solidity >=0.8.9 <0.9.0;

import {StdEquality} from "./StdEquality.sol";
import {stdMath} from "./StdMath.sol";
import {StdText} from "./StdText.sol";
import {VmSafe} from "./Vm.sol";

/// Assertions that end the test with a message. They are plain Solidity and `pure`: no cheatcode is needed for them.
abstract contract StdAssertions is StdEquality {
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
    event log_array(uint256[] val);
    event log_array(int256[] val);
    event log_array(address[] val);
    event log_named_array(string key, uint256[] val);
    event log_named_array(string key, int256[] val);
    event log_named_array(string key, address[] val);

    VmSafe private constant vm = VmSafe(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// Whether somebody noted a failure at the cheatcodes without ending the test, as DSTest does.
    function failed() public view virtual returns (bool) {
        return vm.load(address(vm), bytes32("failed")) != bytes32(0);
    }

    function fail() internal pure virtual {
        revert(StdText.FAILED);
    }

    function fail(string memory message) internal pure virtual {
        revert(message);
    }

    function assertTrue(bool data) internal pure virtual {
        require(data, StdText.FAILED);
    }

    function assertTrue(bool data, string memory err) internal pure virtual {
        require(data, err);
    }

    function assertFalse(bool data) internal pure virtual {
        require(!data, StdText.FAILED);
    }

    function assertFalse(bool data, string memory err) internal pure virtual {
        require(!data, err);
    }

    function assertLt(uint256 left, uint256 right) internal pure virtual {
        assertLt(left, right, StdText.FAILED);
    }

    function assertLt(uint256 left, uint256 right, string memory err) internal pure virtual {
        if (!(left < right)) StdText.differ(err, StdText.show(left), " >= ", StdText.show(right));
    }

    function assertLtDecimal(uint256 left, uint256 right, uint256 decimals) internal pure virtual {
        assertLtDecimal(left, right, decimals, StdText.FAILED);
    }

    function assertLtDecimal(uint256 left, uint256 right, uint256 decimals, string memory err) internal pure virtual {
        if (left < right) return;
        StdText.differ(err, StdText.decimal(left, decimals), " >= ", StdText.decimal(right, decimals));
    }

    function assertLt(int256 left, int256 right) internal pure virtual {
        assertLt(left, right, StdText.FAILED);
    }

    function assertLt(int256 left, int256 right, string memory err) internal pure virtual {
        if (!(left < right)) StdText.differ(err, StdText.show(left), " >= ", StdText.show(right));
    }

    function assertLtDecimal(int256 left, int256 right, uint256 decimals) internal pure virtual {
        assertLtDecimal(left, right, decimals, StdText.FAILED);
    }

    function assertLtDecimal(int256 left, int256 right, uint256 decimals, string memory err) internal pure virtual {
        if (left < right) return;
        StdText.differ(err, StdText.decimal(left, decimals), " >= ", StdText.decimal(right, decimals));
    }

    function assertGt(uint256 left, uint256 right) internal pure virtual {
        assertGt(left, right, StdText.FAILED);
    }

    function assertGt(uint256 left, uint256 right, string memory err) internal pure virtual {
        if (!(left > right)) StdText.differ(err, StdText.show(left), " <= ", StdText.show(right));
    }

    function assertGtDecimal(uint256 left, uint256 right, uint256 decimals) internal pure virtual {
        assertGtDecimal(left, right, decimals, StdText.FAILED);
    }

    function assertGtDecimal(uint256 left, uint256 right, uint256 decimals, string memory err) internal pure virtual {
        if (left > right) return;
        StdText.differ(err, StdText.decimal(left, decimals), " <= ", StdText.decimal(right, decimals));
    }

    function assertGt(int256 left, int256 right) internal pure virtual {
        assertGt(left, right, StdText.FAILED);
    }

    function assertGt(int256 left, int256 right, string memory err) internal pure virtual {
        if (!(left > right)) StdText.differ(err, StdText.show(left), " <= ", StdText.show(right));
    }

    function assertGtDecimal(int256 left, int256 right, uint256 decimals) internal pure virtual {
        assertGtDecimal(left, right, decimals, StdText.FAILED);
    }

    function assertGtDecimal(int256 left, int256 right, uint256 decimals, string memory err) internal pure virtual {
        if (left > right) return;
        StdText.differ(err, StdText.decimal(left, decimals), " <= ", StdText.decimal(right, decimals));
    }

    function assertLe(uint256 left, uint256 right) internal pure virtual {
        assertLe(left, right, StdText.FAILED);
    }

    function assertLe(uint256 left, uint256 right, string memory err) internal pure virtual {
        if (!(left <= right)) StdText.differ(err, StdText.show(left), " > ", StdText.show(right));
    }

    function assertLeDecimal(uint256 left, uint256 right, uint256 decimals) internal pure virtual {
        assertLeDecimal(left, right, decimals, StdText.FAILED);
    }

    function assertLeDecimal(uint256 left, uint256 right, uint256 decimals, string memory err) internal pure virtual {
        if (left <= right) return;
        StdText.differ(err, StdText.decimal(left, decimals), " > ", StdText.decimal(right, decimals));
    }

    function assertLe(int256 left, int256 right) internal pure virtual {
        assertLe(left, right, StdText.FAILED);
    }

    function assertLe(int256 left, int256 right, string memory err) internal pure virtual {
        if (!(left <= right)) StdText.differ(err, StdText.show(left), " > ", StdText.show(right));
    }

    function assertLeDecimal(int256 left, int256 right, uint256 decimals) internal pure virtual {
        assertLeDecimal(left, right, decimals, StdText.FAILED);
    }

    function assertLeDecimal(int256 left, int256 right, uint256 decimals, string memory err) internal pure virtual {
        if (left <= right) return;
        StdText.differ(err, StdText.decimal(left, decimals), " > ", StdText.decimal(right, decimals));
    }

    function assertGe(uint256 left, uint256 right) internal pure virtual {
        assertGe(left, right, StdText.FAILED);
    }

    function assertGe(uint256 left, uint256 right, string memory err) internal pure virtual {
        if (!(left >= right)) StdText.differ(err, StdText.show(left), " < ", StdText.show(right));
    }

    function assertGeDecimal(uint256 left, uint256 right, uint256 decimals) internal pure virtual {
        assertGeDecimal(left, right, decimals, StdText.FAILED);
    }

    function assertGeDecimal(uint256 left, uint256 right, uint256 decimals, string memory err) internal pure virtual {
        if (left >= right) return;
        StdText.differ(err, StdText.decimal(left, decimals), " < ", StdText.decimal(right, decimals));
    }

    function assertGe(int256 left, int256 right) internal pure virtual {
        assertGe(left, right, StdText.FAILED);
    }

    function assertGe(int256 left, int256 right, string memory err) internal pure virtual {
        if (!(left >= right)) StdText.differ(err, StdText.show(left), " < ", StdText.show(right));
    }

    function assertGeDecimal(int256 left, int256 right, uint256 decimals) internal pure virtual {
        assertGeDecimal(left, right, decimals, StdText.FAILED);
    }

    function assertGeDecimal(int256 left, int256 right, uint256 decimals, string memory err) internal pure virtual {
        if (left >= right) return;
        StdText.differ(err, StdText.decimal(left, decimals), " < ", StdText.decimal(right, decimals));
    }

    function assertApproxEqAbs(uint256 left, uint256 right, uint256 maxDelta) internal pure virtual {
        assertApproxEqAbs(left, right, maxDelta, StdText.FAILED);
    }

    function assertApproxEqAbs(uint256 left, uint256 right, uint256 maxDelta, string memory err) internal pure virtual {
        uint256 delta = stdMath.delta(left, right);
        if (delta <= maxDelta) return;
        StdText.differ(err, StdText.show(left), " !~= ", StdText.apart(StdText.show(right), StdText.show(maxDelta), StdText.show(delta)));
    }

    function assertApproxEqAbsDecimal(uint256 left, uint256 right, uint256 maxDelta, uint256 decimals) internal pure virtual {
        assertApproxEqAbsDecimal(left, right, maxDelta, decimals, StdText.FAILED);
    }

    function assertApproxEqAbsDecimal(uint256 left, uint256 right, uint256 maxDelta, uint256 decimals, string memory err) internal pure virtual {
        uint256 delta = stdMath.delta(left, right);
        if (delta <= maxDelta) return;
        string memory most = StdText.decimal(maxDelta, decimals);
        string memory end = StdText.apart(StdText.decimal(right, decimals), most, StdText.decimal(delta, decimals));
        StdText.differ(err, StdText.decimal(left, decimals), " !~= ", end);
    }

    function assertApproxEqRel(uint256 left, uint256 right, uint256 maxPercentDelta) internal pure virtual {
        assertApproxEqRel(left, right, maxPercentDelta, StdText.FAILED);
    }

    function assertApproxEqRel(uint256 left, uint256 right, uint256 maxPercentDelta, string memory err) internal pure virtual {
        if (right == 0) return assertEq(left, right, err);
        uint256 delta = stdMath.percentDelta(left, right);
        if (delta <= maxPercentDelta) return;
        string memory most = StdText.percent(maxPercentDelta);
        StdText.differ(err, StdText.show(left), " !~= ", StdText.apart(StdText.show(right), most, StdText.percent(delta)));
    }

    function assertApproxEqRelDecimal(uint256 left, uint256 right, uint256 maxPercentDelta, uint256 decimals) internal pure virtual {
        assertApproxEqRelDecimal(left, right, maxPercentDelta, decimals, StdText.FAILED);
    }

    function assertApproxEqRelDecimal(uint256 left, uint256 right, uint256 maxPercentDelta, uint256 decimals, string memory err) internal pure virtual {
        if (right == 0) return assertEqDecimal(left, right, decimals, err);
        uint256 delta = stdMath.percentDelta(left, right);
        if (delta <= maxPercentDelta) return;
        string memory most = StdText.percent(maxPercentDelta);
        string memory end = StdText.apart(StdText.decimal(right, decimals), most, StdText.percent(delta));
        StdText.differ(err, StdText.decimal(left, decimals), " !~= ", end);
    }

    function assertApproxEqAbs(int256 left, int256 right, uint256 maxDelta) internal pure virtual {
        assertApproxEqAbs(left, right, maxDelta, StdText.FAILED);
    }

    function assertApproxEqAbs(int256 left, int256 right, uint256 maxDelta, string memory err) internal pure virtual {
        uint256 delta = stdMath.delta(left, right);
        if (delta <= maxDelta) return;
        StdText.differ(err, StdText.show(left), " !~= ", StdText.apart(StdText.show(right), StdText.show(maxDelta), StdText.show(delta)));
    }

    function assertApproxEqAbsDecimal(int256 left, int256 right, uint256 maxDelta, uint256 decimals) internal pure virtual {
        assertApproxEqAbsDecimal(left, right, maxDelta, decimals, StdText.FAILED);
    }

    function assertApproxEqAbsDecimal(int256 left, int256 right, uint256 maxDelta, uint256 decimals, string memory err) internal pure virtual {
        uint256 delta = stdMath.delta(left, right);
        if (delta <= maxDelta) return;
        string memory most = StdText.decimal(maxDelta, decimals);
        string memory end = StdText.apart(StdText.decimal(right, decimals), most, StdText.decimal(delta, decimals));
        StdText.differ(err, StdText.decimal(left, decimals), " !~= ", end);
    }

    function assertApproxEqRel(int256 left, int256 right, uint256 maxPercentDelta) internal pure virtual {
        assertApproxEqRel(left, right, maxPercentDelta, StdText.FAILED);
    }

    function assertApproxEqRel(int256 left, int256 right, uint256 maxPercentDelta, string memory err) internal pure virtual {
        if (right == 0) return assertEq(left, right, err);
        uint256 delta = stdMath.percentDelta(left, right);
        if (delta <= maxPercentDelta) return;
        string memory most = StdText.percent(maxPercentDelta);
        StdText.differ(err, StdText.show(left), " !~= ", StdText.apart(StdText.show(right), most, StdText.percent(delta)));
    }

    function assertApproxEqRelDecimal(int256 left, int256 right, uint256 maxPercentDelta, uint256 decimals) internal pure virtual {
        assertApproxEqRelDecimal(left, right, maxPercentDelta, decimals, StdText.FAILED);
    }

    function assertApproxEqRelDecimal(int256 left, int256 right, uint256 maxPercentDelta, uint256 decimals, string memory err) internal pure virtual {
        if (right == 0) return assertEqDecimal(left, right, decimals, err);
        uint256 delta = stdMath.percentDelta(left, right);
        if (delta <= maxPercentDelta) return;
        string memory most = StdText.percent(maxPercentDelta);
        string memory end = StdText.apart(StdText.decimal(right, decimals), most, StdText.percent(delta));
        StdText.differ(err, StdText.decimal(left, decimals), " !~= ", end);
    }

    function assertEqCall(address target, bytes memory callDataA, bytes memory callDataB) internal virtual {
        assertEqCall(target, callDataA, target, callDataB, true);
    }

    function assertEqCall(address targetA, bytes memory callDataA, address targetB, bytes memory callDataB)
        internal virtual
    {
        assertEqCall(targetA, callDataA, targetB, callDataB, true);
    }

    function assertEqCall(address target, bytes memory callDataA, bytes memory callDataB, bool strictRevertData)
        internal virtual
    {
        assertEqCall(target, callDataA, target, callDataB, strictRevertData);
    }

    /// Both calls end alike, with the same answer; reverts count as alike whatever they say unless it is strict.
    function assertEqCall(
        address targetA, bytes memory callDataA, address targetB, bytes memory callDataB, bool strictRevertData
    ) internal virtual {
        (bool successA, bytes memory answerA) = targetA.call(callDataA);
        (bool successB, bytes memory answerB) = targetB.call(callDataB);
        require(successA == successB, "assertion failed: one call succeeded and the other did not");
        if (successA || strictRevertData) assertEq(answerA, answerB, "Call return data does not match");
    }
}
