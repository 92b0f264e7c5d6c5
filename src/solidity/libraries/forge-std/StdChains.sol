// SPDX-License-Identifier: MIT
pragma solidity >=0.8.9 <0.9.0;

import {VmSafe} from "./Vm.sol";

/// Chains by the names that scripts call them by. Where no URL was given, the one that the settings have for the name.
abstract contract StdChains {
    struct ChainData { string name; uint256 chainId; string rpcUrl; }
    struct Chain { string name; uint256 chainId; string chainAlias; string rpcUrl; }

    VmSafe private constant vm = VmSafe(address(uint160(uint256(keccak256("hevm cheat code")))));

    mapping(string => Chain) private _chains;
    mapping(uint256 => string) private _aliases;
    bool private _hasKnownChains;

    function getChain(string memory chainAlias) internal virtual returns (Chain memory chain) {
        _addKnownChains();
        chain = _chains[chainAlias];
        require(chain.chainId != 0, _unknown(chainAlias));
        if (bytes(chain.rpcUrl).length == 0) chain.rpcUrl = vm.rpcUrl(chainAlias);
    }

    function getChain(uint256 chainId) internal virtual returns (Chain memory chain) {
        _addKnownChains();
        return getChain(_aliases[chainId]);
    }

    function setChain(string memory chainAlias, ChainData memory chain) internal virtual {
        require(bytes(chainAlias).length > 0, "StdChains setChain: the alias is empty");
        require(chain.chainId != 0, "StdChains setChain: the chain id is 0");
        _addKnownChains();
        _add(chainAlias, chain.name, chain.chainId, chain.rpcUrl);
    }

    function setChain(string memory chainAlias, Chain memory chain) internal virtual {
        setChain(chainAlias, ChainData({name: chain.name, chainId: chain.chainId, rpcUrl: chain.rpcUrl}));
    }

    function setFallbackToDefaultRpcUrls(bool useDefault) internal pure {}

    function _unknown(string memory chainAlias) private pure returns (string memory) {
        return string(abi.encodePacked("StdChains getChain: no chain is called \"", chainAlias, "\""));
    }

    function _add(string memory chainAlias, string memory name, uint256 chainId, string memory rpcUrl) private {
        _chains[chainAlias] = Chain({name: name, chainId: chainId, chainAlias: chainAlias, rpcUrl: rpcUrl});
        _aliases[chainId] = chainAlias;
    }

    function _addKnownChains() private {
        if (_hasKnownChains) return;
        _hasKnownChains = true;
        _add("anvil", "Anvil", 31337, "http://127.0.0.1:8545");
        _add("mainnet", "Mainnet", 1, "");
        _add("sepolia", "Sepolia", 11155111, "");
        _add("holesky", "Holesky", 17000, "");
        _add("hoodi", "Hoodi", 560048, "");
        _add("optimism", "Optimism", 10, "");
        _add("optimism_sepolia", "Optimism Sepolia", 11155420, "");
        _add("arbitrum_one", "Arbitrum One", 42161, "");
        _add("arbitrum_one_sepolia", "Arbitrum One Sepolia", 421614, "");
        _add("arbitrum_nova", "Arbitrum Nova", 42170, "");
        _add("base", "Base", 8453, "");
        _add("base_sepolia", "Base Sepolia", 84532, "");
        _add("polygon", "Polygon", 137, "");
        _add("polygon_amoy", "Polygon Amoy", 80002, "");
        _add("avalanche", "Avalanche", 43114, "");
        _add("avalanche_fuji", "Avalanche Fuji", 43113, "");
        _add("bnb_smart_chain", "BNB Smart Chain", 56, "");
        _add("bnb_smart_chain_testnet", "BNB Smart Chain Testnet", 97, "");
        _add("gnosis_chain", "Gnosis Chain", 100, "");
        _add("scroll", "Scroll", 534352, "");
        _add("linea", "Linea", 59144, "");
    }
}
