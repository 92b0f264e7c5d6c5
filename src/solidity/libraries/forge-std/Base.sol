// SPDX-License-Identifier: MIT
pragma solidity >=0.8.9 <0.9.0;

import {StdStorage} from "./StdStorage.sol";
import {Vm, VmSafe} from "./Vm.sol";

/// Addresses that everybody who writes tests agrees on, and `vm`.
abstract contract CommonBase {
    // 0x7109709ECfa91a80626fF3989D68f67F5b1DD12D
    address internal constant VM_ADDRESS = address(uint160(uint256(keccak256("hevm cheat code"))));
    // "console.log" in ASCII.
    address internal constant CONSOLE = 0x000000000000000000636F6e736F6c652e6c6f67;
    // The deterministic deployer of https://github.com/Arachnid/deterministic-deployment-proxy.
    address internal constant CREATE2_FACTORY = 0x4e59b44847b379578588920cA78FbF26c0B4956C;
    // 0x1804c8AB1F12E6bbf3894d4083f33e07309d1f38, who sends where nobody is named.
    address internal constant DEFAULT_SENDER = address(uint160(uint256(keccak256("foundry default caller"))));
    // Where the default sender's first contract lies.
    address internal constant DEFAULT_TEST_CONTRACT = 0x5615dEB798BB3E4dFa0139dFa1b3D433Cc23b72f;
    address internal constant MULTICALL3_ADDRESS = 0xcA11bde05977b3631167028862bE2a173976CA11;
    // The number of private keys of secp256k1, zero included.
    uint256 internal constant SECP256K1_ORDER =
        115792089237316195423570985008687907852837564279074904382605163141518161494337;
    uint256 internal constant UINT256_MAX = 2 ** 256 - 1;

    Vm internal constant vm = Vm(VM_ADDRESS);
    StdStorage internal stdstore;
}

abstract contract TestBase is CommonBase {}

abstract contract ScriptBase is CommonBase {
    VmSafe internal constant vmSafe = VmSafe(VM_ADDRESS);
}
