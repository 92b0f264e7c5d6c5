// SPDX-License-Identifier: MIT
pragma solidity >=0.8.9 <0.9.0;

import {ScriptBase} from "./Base.sol";
import {StdChains} from "./StdChains.sol";
import {StdCheatsSafe} from "./StdCheats.sol";
import {stdJson} from "./StdJson.sol";
import {stdMath} from "./StdMath.sol";
import {StdStorage, stdStorageSafe} from "./StdStorage.sol";
import {StdStyle} from "./StdStyle.sol";
import {stdToml} from "./StdToml.sol";
import {StdUtils} from "./StdUtils.sol";
import {VmSafe} from "./Vm.sol";
import {console} from "./console.sol";
import {console2} from "./console2.sol";

/// What a deployment script inherits from; `run` is what runs.
abstract contract Script is ScriptBase, StdChains, StdCheatsSafe, StdUtils {
    bool public IS_SCRIPT = true;
}
