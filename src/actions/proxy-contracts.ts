import { invariant } from '../lib/invariant.ts';
import type { CompileOutcome } from '../solidity/types.ts';
import type { Platform } from './platform.ts';

/**
 * The contracts that stand before an implementation, of the bundled OpenZeppelin Contracts (MIT): ERC-1967 proxies and the
 * beacon. Each has its own name in a file of ours, so that it is built, compared and verified like any other contract.
 */
export const proxySources = {
  'SlipwayProxies.sol': `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.22;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {BeaconProxy} from "@openzeppelin/contracts/proxy/beacon/BeaconProxy.sol";
import {UpgradeableBeacon} from "@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon.sol";
import {TransparentUpgradeableProxy} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";

contract UUPSProxy is ERC1967Proxy {
    constructor(address implementation, bytes memory data) payable ERC1967Proxy(implementation, data) {}

    /// Whoever asks for no initialiser says so.
    function _unsafeAllowUninitialized() internal pure override returns (bool) {
        return true;
    }
}

contract TransparentProxy is TransparentUpgradeableProxy {
    constructor(address implementation, address owner, bytes memory data)
        payable
        TransparentUpgradeableProxy(implementation, owner, data)
    {}

    /// Whoever asks for no initialiser says so.
    function _unsafeAllowUninitialized() internal pure override returns (bool) {
        return true;
    }
}

contract Beacon is UpgradeableBeacon {
    constructor(address implementation, address owner) UpgradeableBeacon(implementation, owner) {}
}

contract BeaconedProxy is BeaconProxy {
    constructor(address beacon, bytes memory data) payable BeaconProxy(beacon, data) {}
}
`,
};

/** Runs on chains without PUSH0 and MCOPY as well. */
export const proxyRequest = {
  sources: proxySources,
  settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: 'paris' },
};

const compiled = new WeakMap<Platform, Promise<CompileOutcome>>();

/** Compiles them once in the life of a process. */
export function compileProxies(platform: Platform): Promise<CompileOutcome> {
  const known = compiled.get(platform);
  if (known) return known;
  const outcome = compile(platform);
  // A compiler that could not be had now may be there later.
  outcome.catch(() => compiled.delete(platform));
  compiled.set(platform, outcome);
  return outcome;
}

async function compile({ compiler }: Platform): Promise<CompileOutcome> {
  const outcome = await compiler.compile(compiler.prepare(proxyRequest));
  invariant(outcome.ok, 'the proxies compile');
  return outcome;
}
