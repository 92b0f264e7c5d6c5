// SPDX-License-Identifier: MIT
pragma solidity ^0.8.13;

import {Script, console2} from "lib/forge-std/src/Script.sol";

contract Thing {
    uint256 public immutable value;

    constructor(uint256 value_) {
        value = value_;
    }
}

contract Deploy is Script {
    function run() external returns (Thing thing) {
        uint256 key = vm.envUint("PRIVATE_KEY");
        vm.startBroadcast(key);
        thing = new Thing{salt: bytes32(uint256(1))}(42);
        vm.stopBroadcast();
        address expected = computeCreate2Address(
            bytes32(uint256(1)), hashInitCode(type(Thing).creationCode, abi.encode(42)), CREATE2_FACTORY
        );
        console2.log("deployed at", address(thing), "expected", expected);
        string memory json = vm.serializeAddress("deployment", "thing", address(thing));
        vm.writeJson(json, string.concat("./deployments/", vm.toString(block.chainid), ".json"));
    }
}
