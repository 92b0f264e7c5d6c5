// SPDX-License-Identifier: MIT
pragma solidity >=0.6.12 <0.8.0;
pragma experimental ABIEncoderV2;

import "forge-std/Test.sol";
import {console2} from "forge-std/console2.sol";
import {StdChains} from "forge-std/StdChains.sol";

contract Box {
    uint256 public value;

    function set(uint256 value_) external {
        require(value_ != 0, "value is zero");
        value = value_;
    }
}

contract BoxTest is Test {
    using stdStorage for StdStorage;

    Box internal box;

    function setUp() public {
        box = new Box();
    }

    function testSet(uint256 value) public {
        value = bound(value, 1, 10);
        box.set(value);
        assertEq(box.value(), value);
        assertLe(box.value(), 10, "bounds");
        console2.log("value", value);
        vm.expectRevert("value is zero");
        box.set(0);
        vm.expectRevert(stdError.assertionError);
        stdstore.target(address(box)).sig("value()").checked_write(uint256(3));
        startHoax(address(2), address(3), 1 ether);
        changePrank(address(4));
        assertEq(stdMath.abs(-3), 3);
    }

    function testFork() public {
        uint256 fork = vm.createSelectFork(getChain("sepolia").rpcUrl, 1);
        vm.makePersistent(address(box));
        assertEq(vm.activeFork(), fork);
        vm.rollFork(2);
    }
}
