// SPDX-License-Identifier: MIT
pragma solidity >=0.5.16 <0.9.0;

import "ds-test/test.sol";

interface Hevm {
    function warp(uint256) external;
    function store(address, bytes32, bytes32) external;
}

contract Counter {
    uint256 public count;

    function add() external {
        count++;
    }
}

contract CounterTest is DSTest {
    Hevm internal hevm = Hevm(HEVM_ADDRESS);
    Counter internal counter;

    function setUp() public {
        counter = new Counter();
    }

    function testAdd() public logs_gas {
        counter.add();
        assertEq(counter.count(), 1);
        assertEq(counter.count(), 1, "count");
        assertTrue(counter.count() > 0);
        assertGt(counter.count(), 0);
        assertEqDecimal(counter.count(), 1, 18);
        emit log_named_uint("count", counter.count());
        assertEq(string("a"), "a");
        assertEq0(bytes("a"), bytes("a"));
        if (!IS_TEST) fail();
    }
}
