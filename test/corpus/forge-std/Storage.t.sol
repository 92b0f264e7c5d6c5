// SPDX-License-Identifier: MIT
pragma solidity ^0.8.10;

import {Test, StdStorage, stdStorage, stdMath, stdJson, console} from "@forge-std/Test.sol";
import {IERC20} from "forge-std/src/interfaces/IERC20.sol";
import {IERC721} from "forge-std/interfaces/IERC721.sol";

contract Counter {
    uint256 public number;
    mapping(address => uint256) public scores;
    address public owner = msg.sender;
}

contract StorageTest is Test {
    using stdStorage for StdStorage;
    using stdJson for string;

    Counter internal counter;

    function setUp() public {
        counter = new Counter();
    }

    function testSlots() public {
        uint256 slot = stdstore.target(address(counter)).sig("scores(address)").with_key(address(this)).find();
        vm.store(address(counter), bytes32(slot), bytes32(uint256(7)));
        assertEq(counter.scores(address(this)), 7);
        stdstore.target(address(counter)).sig(counter.number.selector).checked_write(9);
        stdstore.target(address(counter)).sig("owner()").checked_write(address(1));
        assertEq(counter.owner(), address(1), "owner");
        assertEq(uint256(vm.load(address(counter), bytes32(uint256(0)))), 9);
    }

    function testEnvironment() public {
        uint256 runs = vm.envOr("RUNS", uint256(5));
        string memory name = vm.envOr("NAME", string("nobody"));
        console.log(name, runs, true, address(this));
        assertEq(stdMath.delta(int256(-2), int256(3)), 5);
        string memory json = '{"owner":{"age":3}}';
        assertEq(json.readUint(".owner.age"), 3);
        emit log_named_uint("runs", runs);
        vm.skip(runs == 0);
    }

    /// Compiled only: none of what is expected here comes.
    function expectations(IERC20 token, IERC721 nft) public {
        vm.expectRevert(bytes("no"));
        vm.expectRevert(bytes4(0x12345678));
        vm.expectRevert("not yours", address(token));
        vm.mockCallRevert(address(nft), abi.encodeWithSelector(IERC721.ownerOf.selector), "gone");
        fail("unreachable");
    }
}
