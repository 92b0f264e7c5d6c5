import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCompiler } from '../../solidity/start-compiler.ts';
import type { Compiler } from '../../solidity/types.ts';
import type { Finding } from '../types.ts';
import { type Prover, startProver } from './start-prover.ts';
import type { Proof } from './types.ts';

let compiler: Compiler;
let prover: Prover;

beforeAll(async () => {
  compiler = await startCompiler({ workers: 1 });
  prover = startProver(compiler);
});

afterAll(async () => {
  await prover.close();
  await compiler.close();
});

/** Tries to prove that `detector` is right about what stands between `/*<*\/` and `/*>*\/`, whatever detectors say. */
async function proofOf(detector: string, source: string, seconds = 10): Promise<Proof | undefined> {
  const [before = '', inside = ''] = source.split(/\/\*[<>]\*\//);
  const place = (text: string) => ({
    line: text.split('\n').length,
    column: (text.split('\n').at(-1)?.length ?? 0) + 1,
  });
  const from = place(`${before}/*<*/`);
  const to = place(`${before}/*<*/${inside}`);
  const finding = {
    ...{ fingerprint: source, detector },
    location: { file: 'A.sol', ...from, endLine: to.line, endColumn: to.column, excerpt: '' },
  } as Finding;
  const outcome = await compiler.executables(compiler.prepare({ sources: { 'A.sol': source } }));
  expect(outcome.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return prover.prove(outcome, finding, { seconds, clockSeconds: 300 });
}

const modern = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n';
const old = 'pragma solidity ^0.4.24;\n';

const bank = (first: string, last: string) => `${modern}contract Bank {
  mapping(address => uint256) public balances;
  function deposit() external payable { require(msg.value == 3 ether); balances[msg.sender] += msg.value; }
  function withdraw() external {
    uint256 amount = balances[msg.sender];
    require(amount > 0);
    ${first}
    (bool ok, ) = /*<*/msg.sender.call{value: amount}("")/*>*/;
    require(ok);
    ${last}
  }
}`;
const clear = 'balances[msg.sender] = 0;';

const twins: { detector: string; bad: string; good: string; shows: string }[] = [
  { detector: 'reentrancy', bad: bank('', clear), good: bank(clear, ''), shows: 'came back' },
  {
    detector: 'arbitrary-ether-send',
    ...pair(
      (guard) => `${modern}contract Fund {
  address owner = msg.sender;
  mapping(address => uint256) public given;
  function give() external payable { given[msg.sender] += msg.value; }
  function take(address payable to, uint256 amount) external { ${guard} /*<*/to.transfer(amount)/*>*/; }
}`,
      'given[msg.sender] -= amount;',
    ),
    shows: 'took ether',
  },
  {
    detector: 'unprotected-token-withdrawal',
    ...pair(
      (guard) => `${modern}
interface IERC20 {
  function transfer(address to, uint256 amount) external returns (bool);
  function transferFrom(address from, address to, uint256 amount) external returns (bool);
}
contract Vault {
  IERC20 public immutable token;
  address owner = msg.sender;
  constructor(IERC20 token_, uint256 from) { require(from > 1000000); token = token_; }
  function put(uint256 amount) external { require(token.transferFrom(msg.sender, address(this), amount)); }
  function rescue(address to, uint256 amount) external { ${guard} require(/*<*/token.transfer(to, amount)/*>*/); }
}`,
      'require(msg.sender == owner);',
    ),
    shows: 'took token',
  },
  {
    detector: 'unprotected-selfdestruct',
    ...pair(
      (guard) => `${old}contract Mortal {
  address owner;
  constructor() public payable { owner = msg.sender; }
  function end(address to) public { ${guard} /*<*/selfdestruct(to)/*>*/; }
}`,
      'require(msg.sender == owner);',
    ),
    shows: 'destroyed Mortal',
  },
  {
    detector: 'open-authority',
    ...pair(
      (guard) => `${old}contract Owned {
  address public owner;
  uint public fee;
  function init() public { ${guard} /*<*/owner = msg.sender/*>*/; }
  function setFee(uint next) public { require(msg.sender == owner); fee = next; }
}`,
      'require(owner == 0);',
    ),
    shows: 'setFee(uint256)',
  },
  {
    detector: 'controlled-delegatecall',
    ...pair(
      (guard) => `${modern}contract Host {
  address owner = msg.sender;
  function run(address plugin, bytes calldata data) external {
    ${guard}
    (bool ok, ) = /*<*/plugin.delegatecall(data)/*>*/;
    require(ok);
  }
}`,
      'require(msg.sender == owner);',
    ),
    shows: 'wrote to it',
  },
  {
    detector: 'integer-overflow',
    ...pair(
      (guard) => `${old}contract Coin {
  mapping(address => uint) public balanceOf;
  function buy() public payable { balanceOf[msg.sender] += msg.value; }
  function send(address to, uint amount) public {
    ${guard}
    /*<*/balanceOf[msg.sender] -= amount/*>*/;
    balanceOf[to] += amount;
  }
}`,
      'require(balanceOf[msg.sender] >= amount);',
    ),
    shows: 'does not fit into uint256',
  },
  {
    detector: 'tx-origin',
    bad: purse('tx.origin'),
    good: purse('msg.sender'),
    shows: 'the attacker could not do',
  },
  {
    detector: 'strict-balance',
    bad: pot('=='),
    good: pot('>='),
    shows: 'one wei',
  },
];

function pair(source: (guard: string) => string, guard: string) {
  return { bad: source(''), good: source(guard) };
}

function purse(caller: string): string {
  return `${modern}contract Purse {
  address owner = msg.sender;
  receive() external payable {}
  function pay(address payable to, uint256 amount) external {
    require(/*<*/${caller} == owner/*>*/);
    to.transfer(amount);
  }
}`;
}

function pot(operator: string): string {
  return `${modern}contract Pot {
  uint256 public paid;
  uint256 public rounds;
  function pay() external payable { paid += msg.value; }
  function close() external { require(/*<*/address(this).balance ${operator} paid/*>*/); rounds++; }
}`;
}

describe('a fault is shown', () => {
  test.each(twins)(
    '$detector',
    async ({ detector, bad, shows }) => {
      const proof = await proofOf(detector, bad);
      expect(proof).toMatchObject({ status: 'proven', summary: expect.stringContaining(shows) });
      expect(proof?.transactions.at(0)?.function).toMatch(/^constructor/);
      expect(proof?.changes).not.toEqual([]);
      const names = new Set(proof?.accounts.map(({ name }) => name));
      for (const { caller } of proof?.transactions ?? []) expect(names).toContain(caller);
    },
    300_000,
  );
});

describe('nothing is shown of what is mended, even where a finding says it is not', () => {
  test.each(twins)(
    '$detector',
    async ({ detector, good }) => {
      const proof = await proofOf(detector, good, 1.5);
      expect(proof).toMatchObject({ status: 'not-proven', transactions: [], changes: [] });
      expect(proof?.summary).toMatch(/sequences of transactions were tried/);
    },
    300_000,
  );
});

describe('what cannot be tried says why', () => {
  test('no arguments suit the constructor', async () => {
    const source = `${modern}contract A {
  constructor(bytes32 key) { require(keccak256(abi.encode(key)) == bytes32(uint256(5))); }
  function f(address payable to) external { /*<*/to.transfer(1)/*>*/; }
}`;
    expect(await proofOf('arbitrary-ether-send', source, 2)).toMatchObject({
      status: 'not-proven',
      summary: expect.stringContaining('could not be deployed'),
    });
  }, 300_000);

  test('nothing can be deployed', async () => {
    const source = `${modern}abstract contract A {
  function g() public virtual;
  function f(address payable to) external { /*<*/to.transfer(1)/*>*/; }
}`;
    const summary = expect.stringContaining('can be deployed');
    expect(await proofOf('arbitrary-ether-send', source)).toMatchObject({ status: 'not-proven', summary });
  });

  test('no execution shows what a detector finds', async () => {
    expect(await proofOf('weak-randomness', `${modern}contract A { uint256 /*<*/a/*>*/; }`)).toBeUndefined();
  });

  test('a search that is called off ends with its process, and the next one goes on', async () => {
    const stop = AbortSignal.abort(new Error('enough'));
    const outcome = await compiler.executables(compiler.prepare({ sources: { 'A.sol': bank('', clear) } }));
    const finding = {
      fingerprint: 'a',
      detector: 'reentrancy',
      location: { file: 'A.sol', line: 3, column: 1, endLine: 3, endColumn: 2 },
    };
    await expect(prover.prove(outcome, finding as Finding, { signal: stop })).rejects.toThrow('enough');
    expect(await proofOf('reentrancy', bank('', clear))).toMatchObject({ status: 'proven' });
  }, 300_000);
});
