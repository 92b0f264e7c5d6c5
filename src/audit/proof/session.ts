import {
  concat,
  decodeAbiParameters,
  encodeAbiParameters,
  encodeFunctionData,
  toFunctionSelector,
} from 'viem';
import type { Address, Receipt } from '../../evm/types.ts';
import { invariant } from '../../lib/invariant.ts';
import { signatureOf } from '../../solidity/encode-call.ts';
import type { AbiItem, AbiParameter, Executable, Hex } from '../../solidity/types.ts';
import type { Random } from './random.ts';
import type { ProofTask, Target } from './types.ts';
import { type Pools, valueFor } from './values.ts';
import { type Deployed, kindOf, type World } from './world.ts';

/** A call of a function, or plain ether where `item` is left out. */
export interface Call {
  to: Address;
  data: Hex;
  value: bigint;
  item?: AbiItem;
  args: unknown[];
}

/** One thing that somebody does. */
export interface Step extends Call {
  from: Address;
  /** Seconds that pass before. */
  wait?: number;
  /** The attacker's contract makes the call, for the attacker. */
  through?: boolean;
  /** It answers whatever it is asked with one, instead of with the selector. */
  answersOne?: boolean;
  /** What that contract does whenever it is called meanwhile. */
  comeBack?: { call: Call; rounds: number };
  /** `from` calls the attacker's contract without suspicion, and that makes the call. */
  lured?: boolean;
}

/** What was sent for a step. */
export interface Sent extends Receipt {
  to: Address;
}

/** A function that may be called. */
export interface Entry {
  owner: Deployed;
  item: AbiItem;
  payable: boolean;
}

/** What the attacker holds, by name; `record` for what a contract under test says the attacker has. */
export type Holdings = Map<string, { kind: 'ether' | 'token' | 'record'; amount: bigint }>;

/** One world while an attack on it is looked for. */
export interface Session {
  world: World;
  task: ProofTask;
  plan: Target;
  random: Random;
  /** Functions that change something, of the target and what it was given. */
  entries: Entry[];
  /** The same, those that lead to the fault. */
  focus: Entry[];
  /** `<sender> <function>` of calls that were refused because of who made them. */
  barred: Set<string>;
  /** Steps of the attacker's that went well in this state, to be done again before others. */
  useful: Step[];
  /** Whether steps that revert are changed until they go well: while an attack is looked for, not when it is repeated. */
  tunes: boolean;
  /** The present state is the one that `reset` comes back to; what it looks like is asked once. */
  settle(steps: readonly Step[]): void;
  /** The steps that led to the present state, where it is the settled one. */
  settled(): readonly Step[] | undefined;
  /** Does a step and remembers what was seen. */
  perform(step: Step): Promise<Sent>;
  /** The steps that were done since the last reset and did not fail. */
  done(): readonly Step[];
  /** The state is that of after these steps again. */
  reset(done: readonly Step[]): void;
  /** Chooses arguments for a function. */
  call(entry: Entry, by: 'attacker' | Address, options?: { extreme?: number }): Call;
  /** Of the mock token, what the target held when it was last looked at. */
  tokensHeld(): bigint;
  /** A call with given arguments. */
  encode(entry: Entry, args: unknown[], value?: bigint): Call;
  /** Whose functions an address has. */
  target(address: Address): Deployed;
  /** The mock that plays tokens. */
  tokenExecutable: Executable;
  holdings(): Promise<Holdings>;
  /** What functions without parameters say. */
  facts(): Promise<Map<string, string>>;
  /** Reads balances again for the numbers that arguments are chosen from. */
  refresh(): Promise<void>;
}

const ether = 10n ** 18n;
const wordsMax = 200;
/** What contracts often unpack: who, a token or two, how much. */
const parts = [{ type: 'address' }, { type: 'address' }, { type: 'address' }, { type: 'uint256' }];

/** Prepares a search in a world. */
export function openSession(
  world: World,
  { task, plan, random }: { task: ProofTask; plan: Target; random: Random },
): Session {
  const contracts = [world.target, ...world.others];
  const entries = contracts.flatMap(entriesOf);
  const focus = entries.filter(
    (entry) => entry.owner === world.target && plan.focus.includes(nameOfItem(entry.item)),
  );
  const literals = plan.literals.map(BigInt);
  const words = new Set<Hex>();
  const seen = new Set<bigint>();
  let current: bigint[] = [];
  let done: Step[] = [];
  let held = 0n;
  let settled: { steps: readonly Step[]; holdings?: Holdings; facts?: Map<string, string> } | undefined;
  let isSettled = false;
  let now = 0n;
  const { attacker, alice, bob, deployer } = world.people;
  const { token, secondToken, attackerContract, payload } = world.helpers;
  const everyone = [
    attacker,
    attackerContract,
    alice,
    bob,
    deployer,
    token,
    secondToken,
    payload,
    world.target.address,
  ];
  const holders = [attacker, attackerContract] as const;
  const watched = watchedOf(world, contracts);
  const facts = contracts.flatMap(factsOf);

  async function look(who: readonly Address[], questions: readonly { to: Address; data: Hex }[]) {
    const data = encodeFunctionData({
      abi: world.abis.lens,
      functionName: 'look',
      args: [who, questions.map(({ to }) => to), questions.map((each) => each.data)],
    });
    const { output } = await world.evm.call({ from: deployer, to: world.helpers.lens, data });
    return decodeAbiParameters([{ type: 'uint256[]' }, { type: 'uint256[]' }], output);
  }

  function addressesFor(input: string, kind: string | undefined, by: 'attacker' | Address): Address[] {
    const tokens = [token, token, secondToken];
    const others = world.others.map(({ address }) => address);
    if (by !== 'attacker') {
      if (kind !== undefined || /token|asset|currency|coin|oracle|feed|pair|pool|nft/i.test(input))
        return [...others, ...tokens];
      return [by, by, by, alice, bob, deployer, ...others];
    }
    const base = [...everyone, ...others];
    if (kind !== undefined || /token|asset|currency|coin/i.test(input))
      return [...tokens, ...tokens, ...others, ...others, attackerContract, ...base];
    if (/from|holder|victim|account|who|user|payer|investor/i.test(input))
      return [alice, alice, bob, deployer, ...base];
    if (
      /implementation|logic|library|module|plugin|delegate|code|target|callee|impl|strategy|adapter|hook/i.test(
        input,
      )
    )
      return [payload, payload, token, token, token, ...base];
    return [attacker, attacker, attacker, attackerContract, ...base];
  }

  function pools(by: 'attacker' | Address, kind: string | undefined, extreme: number, depth: number): Pools {
    return {
      random,
      extreme,
      now,
      addresses: (input) => addressesFor(input, kind, by),
      numbers: [...current, ...literals, ...seen],
      words: [...words],
      calldata: by === 'attacker' && depth === 0 ? calldata() : [],
    };
  }

  // Calls that an attacker would have another contract make.
  function calldata(): Hex[] {
    const amounts = [ether, ...current.filter((value) => value > 0n)];
    const amount = random.pick(amounts);
    const sends = [
      tokenCall('transfer(address,uint256)', [attacker, amount]),
      tokenCall('transferFrom(address,address,uint256)', [
        random.pick([alice, bob, deployer]),
        random.pick([attacker, attacker, world.target.address]),
        amount,
      ]),
      tokenCall('approve(address,uint256)', [attacker, 2n ** 256n - 1n]),
    ];
    sends.push(encodeAbiParameters(parts, [random.pick([alice, bob]), token, token, amount]));
    const entry = entries.length > 0 ? random.pick(entries) : undefined;
    return entry ? [...sends, callOf(entry, 'attacker', 0, 1).data] : sends;
  }

  function callOf(entry: Entry, by: 'attacker' | Address, extreme: number, depth: number): Call {
    const { owner, item } = entry;
    const inputs = item.inputs ?? [];
    const args =
      item.type === 'function'
        ? matched(inputs, (input) => valueFor(input, pools(by, kindOf(input), extreme, depth)))
        : [];
    const value = entry.payable
      ? random.pick([ether, ether, ether / 10n, 2n * ether, 10n * ether, 0n, ...literals.filter(isPrice)])
      : 0n;
    if (item.type !== 'function')
      return { to: owner.address, data: random.pick(['0x', '0x', '0x12345678']), value, args };
    return encode(entry, args, value);
  }

  // Arrays that belong together have the same length.
  function matched(inputs: readonly AbiParameter[], choose: (input: AbiParameter) => unknown): unknown[] {
    const values = inputs.map(choose);
    const first = values.find(Array.isArray) as unknown[] | undefined;
    if (!first || random.chance(0.2)) return values;
    return values.map((value, index) => {
      const input = inputs[index];
      if (!Array.isArray(value) || !input?.type.endsWith('[]')) return value;
      const inner = { ...input, type: input.type.slice(0, -2) };
      return first.map((_, at) => (at < value.length ? value[at] : choose(inner)));
    });
  }

  const tokenExecutable = task.helpers.find(({ contract }) => contract === 'Token');
  invariant(tokenExecutable, 'the helper Token is there');
  return {
    ...{ world, task, plan, random, entries, focus, encode, tokenExecutable },
    tunes: false,
    barred: new Set(),
    useful: [],
    target: (address) =>
      contracts.find((each) => each.address === address) ?? { executable: tokenExecutable, address },
    call: (entry, by, { extreme = 0 } = {}) => callOf(entry, by, extreme, 0),
    settle(steps) {
      settled = { steps };
      isSettled = true;
    },
    settled: () => (isSettled ? settled?.steps : undefined),
    async perform(step) {
      isSettled = false;
      const sent = await performIn(world, step);
      if (sent.ok) {
        done.push(step);
        for (const value of step.args) if (typeof value === 'bigint' && seen.size < 40) seen.add(value);
        for (const log of sent.logs) {
          if (log.address === token || log.address === secondToken) continue;
          for (const word of [...log.topics.slice(1), ...wordsOf(log.data)])
            if (words.size < wordsMax) words.add(word);
        }
      }
      return sent;
    },
    tokensHeld: () => held,
    done: () => done,
    reset(steps) {
      done = [...steps];
      isSettled = settled?.steps === steps;
    },
    async holdings() {
      if (isSettled && settled?.holdings) return settled.holdings;
      const [wei, numbers] = await look(holders, watched);
      const found: Holdings = new Map([
        ['ether', { kind: 'ether', amount: wei.reduce((sum, each) => sum + each, 0n) }],
      ]);
      for (const [index, { name, kind }] of watched.entries()) {
        const amount = (found.get(name)?.amount ?? 0n) + (numbers[index] ?? 0n);
        found.set(name, { kind, amount });
      }
      if (isSettled && settled) settled.holdings = found;
      return found;
    },
    async facts() {
      if (isSettled && settled?.facts) return settled.facts;
      const [, numbers] = await look([], facts);
      const said = new Map(
        facts.map(({ name, type }, index) => [name, factText(type, numbers[index] ?? 0n)] as const),
      );
      if (isSettled && settled) settled.facts = said;
      return said;
    },
    async refresh() {
      now = await world.evm.now();
      const balance = toFunctionSelector('balanceOf(address)');
      const of = (owner: Address) => concat([balance, encodeAbiParameters([{ type: 'address' }], [owner])]);
      const questions = [token, secondToken].map((to) => ({ to, data: of(world.target.address) }));
      const [wei, numbers] = await look(
        [world.target.address],
        [...questions, ...facts.filter(({ type }) => type.startsWith('uint'))],
      );
      held = numbers[0] ?? 0n;
      current = [...new Set([...wei, ...numbers])];
    },
  };
}

function encode({ owner, item }: Entry, args: unknown[], value = 0n): Call {
  const { inputs = [] } = item;
  const selector = toFunctionSelector(signatureOf(item));
  const data = inputs.length === 0 ? selector : concat([selector, encodeAbiParameters(inputs, args)]);
  return { to: owner.address, data, value, item, args };
}

/** Sends what a step means. */
async function performIn({ evm, people, helpers, abis }: World, step: Step): Promise<Sent> {
  if (step.wait) await evm.pass(step.wait);
  const move = (call: Call) => ({ to: call.to, value: call.value, data: call.data });
  const armed = step.comeBack ?? (step.lured || step.answersOne ? { call: step, rounds: 0 } : undefined);
  if (armed) {
    const args = [move(armed.call), BigInt(armed.rounds), step.answersOne === true] as const;
    const data = encodeFunctionData({ abi: abis.attacker, functionName: 'arm', args });
    await evm.send({ from: people.attacker, to: helpers.attackerContract, data });
  }
  if (step.lured) {
    const data = encodeFunctionData({ abi: abis.attacker, functionName: 'gift', args: [] });
    return {
      ...(await evm.send({ from: step.from, to: helpers.attackerContract, data })),
      to: helpers.attackerContract,
    };
  }
  if (!step.through) {
    const { from, to, data, value } = step;
    return { ...(await evm.send({ from, to, data, value })), to };
  }
  const args = [step.to, step.value, step.data] as const;
  const data = encodeFunctionData({ abi: abis.attacker, functionName: 'act', args });
  return {
    ...(await evm.send({ from: step.from, to: helpers.attackerContract, data })),
    to: helpers.attackerContract,
  };
}

function entriesOf(owner: Deployed): Entry[] {
  return owner.executable.abi.flatMap((item) => {
    const changes = !/^(view|pure)$/.test(item.stateMutability ?? '') && item['constant'] !== true;
    if (!/^(function|receive|fallback)$/.test(item.type) || !changes) return [];
    return [{ owner, item, payable: item.stateMutability === 'payable' || item['payable'] === true }];
  });
}

/** @returns the name that a plan knows a function by */
export function nameOfItem({ type, name = '' }: AbiItem): string {
  return type === 'function' ? name : type;
}

function isPrice(value: bigint): boolean {
  return value > 0n && value <= 1_000n * ether;
}

function tokenCall(signature: string, args: readonly unknown[]): Hex {
  const inputs =
    /\((.*)\)/
      .exec(signature)?.[1]
      ?.split(',')
      .map((type) => ({ type })) ?? [];
  return concat([toFunctionSelector(signature), encodeAbiParameters(inputs, args)]);
}

function wordsOf(data: Hex): Hex[] {
  return (data.slice(2).match(/.{64}/g) ?? []).map((word) => `0x${word}` as const);
}

/** Questions about what the attacker has: of the tokens, and of every view that takes one address. */
function watchedOf({ people, helpers, names }: World, contracts: readonly Deployed[]) {
  const holders = [people.attacker, helpers.attackerContract];
  const ask = (to: Address, signature: string, name: string, kind: 'token' | 'record') =>
    holders.map((holder) => ({
      ...{ to, name, kind },
      data: concat([toFunctionSelector(signature), encodeAbiParameters([{ type: 'address' }], [holder])]),
    }));
  const tokens = [helpers.token, helpers.secondToken].flatMap((to) =>
    ask(to, 'balanceOf(address)', names.get(to) ?? to, 'token'),
  );
  const records = contracts.flatMap(({ executable, address }) =>
    executable.abi.flatMap((item) => {
      const [input, ...more] = item.inputs ?? [];
      const output = item.outputs?.[0]?.type ?? '';
      if (
        item.type !== 'function' ||
        input?.type !== 'address' ||
        more.length > 0 ||
        !/^uint\d*$/.test(output)
      )
        return [];
      if (!/^(view|pure)$/.test(item.stateMutability ?? '') && item['constant'] !== true) return [];
      return ask(address, signatureOf(item), `${names.get(address)}.${item.name}`, 'record');
    }),
  );
  return [...tokens, ...records];
}

function factsOf({ executable, address }: Deployed) {
  return executable.abi.flatMap((item) => {
    const output = item.outputs?.[0]?.type ?? '';
    const reads = /^(view|pure)$/.test(item.stateMutability ?? '') || item['constant'] === true;
    if (item.type !== 'function' || item.inputs?.length !== 0 || !reads) return [];
    if (item.outputs?.length !== 1 || !/^(address|bool|u?int\d*|bytes32)$/.test(output)) return [];
    const name = `${executable.contract}.${item.name}()`;
    return [{ to: address, data: toFunctionSelector(signatureOf(item)), name, type: output }];
  });
}

function factText(type: string, word: bigint): string {
  if (type === 'address') return `0x${word.toString(16).padStart(40, '0')}`;
  if (type === 'bool') return String(word !== 0n);
  if (type === 'bytes32') return `0x${word.toString(16).padStart(64, '0')}`;
  return String(type.startsWith('int') ? BigInt.asIntN(256, word) : word);
}
