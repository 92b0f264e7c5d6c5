import { type Abi, concat, encodeAbiParameters, encodeFunctionData } from 'viem';
import { openEvm } from '../../evm/open-evm.ts';
import type { Address, Evm, Fork } from '../../evm/types.ts';
import { invariant } from '../../lib/invariant.ts';
import type { AbiParameter, Executable, Hex } from '../../solidity/types.ts';
import type { Random } from './random.ts';
import { type Inputs, repair } from './repair.ts';
import { nameOf, showArguments } from './show.ts';
import type { ProofTask, ProofTransaction, Target } from './types.ts';
import { valueFor } from './values.ts';

const ether = 10n ** 18n;

/** A contract that was deployed from the build. */
export interface Deployed {
  executable: Executable;
  address: Address;
}

/** A chain with the target, the people around it and the means of an attack. Nothing was given to the attacker. */
export interface World {
  evm: Evm;
  target: Deployed;
  /** Contracts of the build that the target was given. */
  others: Deployed[];
  people: { deployer: Address; alice: Address; bob: Address; attacker: Address };
  helpers: {
    token: Address;
    secondToken: Address;
    attackerContract: Address;
    payload: Address;
    lens: Address;
  };
  abis: { attacker: Abi; lens: Abi };
  forcer: Hex;
  /** Names for people. */
  names: Map<Address, string>;
  /** How the target came to be. */
  deployment: ProofTransaction[];
}

const people = {
  deployer: '0x00000000000000000000000000000000de910e70',
  alice: '0x000000000000000000000000000000000a11ce00',
  bob: '0x0000000000000000000000000000000000b0b000',
  attacker: '0x00000000000000000000000000000000bad0bad0',
} as const;

/** A chain with people and helpers, before anything is deployed that is looked into. */
export interface Base {
  evm: Evm;
  helpers: World['helpers'];
  tokenAbi: Abi;
  /** What it goes back to. */
  snapshot: string;
}

/** Makes one. */
export async function openBase(
  task: ProofTask,
  { fork, tellingTokens }: { fork: Fork; tellingTokens: boolean },
): Promise<Base> {
  const evm = await openEvm({ fork });
  for (const address of Object.values(people)) await evm.setBalance(address, 100_000n * ether);
  const create = async (from: Address, data: Hex) => {
    const { created } = await evm.send({ from, data });
    invariant(created, 'a helper can be deployed');
    return created;
  };
  const { creationBytecode, abi } = helperOf(task, 'Token');
  const tokenCode = concat([creationBytecode, encodeAbiParameters([{ type: 'bool' }], [tellingTokens])]);
  const helpers = {
    token: await create(people.deployer, tokenCode),
    secondToken: await create(people.deployer, tokenCode),
    attackerContract: await create(people.attacker, helperOf(task, 'Attacker').creationBytecode),
    payload: await create(people.attacker, helperOf(task, 'Payload').creationBytecode),
    lens: await create(people.deployer, helperOf(task, 'Lens').creationBytecode),
  };
  await evm.setBalance(helpers.attackerContract, 10_000n * ether);
  const tokenAbi = abi as Abi;
  const args = [owners, 1_000_000n * ether] as const;
  const data = encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args });
  for (const to of [helpers.token, helpers.secondToken]) await evm.send({ from: people.deployer, to, data });
  return { evm, helpers, tokenAbi, snapshot: await evm.snapshot() };
}

/** Who has tokens, and lets the target take them. */
const owners = [people.deployer, people.alice, people.bob];

function helperOf({ helpers }: ProofTask, name: string): Executable {
  const found = helpers.find(({ contract }) => contract === name);
  invariant(found, `the helper ${name} is there`);
  return found;
}

/**
 * Deploys a target with arguments that its constructor accepts, where nothing else is deployed.
 *
 * @param options.tries how often other arguments are tried
 * @returns undefined where none of them was accepted
 */
export async function openWorld(
  base: Base,
  task: ProofTask,
  options: { target: Target; random: Random; tries: number },
): Promise<World | undefined> {
  const { evm, helpers, tokenAbi } = base;
  await evm.revert(base.snapshot);
  base.snapshot = await evm.snapshot();
  const names = new Map<Address, string>([
    ...Object.entries(people).map(([name, address]) => [address, name] as const),
    [helpers.token, 'token'],
    [helpers.secondToken, 'second token'],
    [helpers.attackerContract, "attacker's contract"],
    [helpers.payload, "attacker's code"],
  ]);
  const world: Omit<World, 'target'> = {
    ...{ evm, people, helpers, names, others: [], deployment: [] },
    abis: { attacker: helperOf(task, 'Attacker').abi as Abi, lens: helperOf(task, 'Lens').abi as Abi },
    forcer: helperOf(task, 'Forcer').creationBytecode,
  };
  const made = await deploy(world, task, { ...options, index: options.target.executable, depth: 0 });
  if (!made) return undefined;
  const deployed =
    isForProxies(made) && options.random.chance(0.6) ? await behindProxy(world, task, made) : made;
  for (const { address } of [deployed, ...world.others]) {
    const data = encodeFunctionData({ abi: tokenAbi, functionName: 'approveFor', args: [owners, address] });
    for (const to of [helpers.token, helpers.secondToken])
      await evm.send({ from: people.deployer, to, data });
  }
  return { ...world, target: deployed };
}

function isForProxies({ executable }: Deployed): boolean {
  return executable.abi.some(({ type, name = '' }) => type === 'function' && /^(init|upgradeTo)/i.test(name));
}

// The code stands for itself as well: it may be attacked where it is.
async function behindProxy(world: Omit<World, 'target'>, task: ProofTask, code: Deployed): Promise<Deployed> {
  const proxy = helperOf(task, 'Proxy');
  const argument = encodeAbiParameters([{ type: 'address' }], [code.address]);
  const data = concat([proxy.creationBytecode, argument]);
  const { created } = await world.evm.send({ from: world.people.deployer, data });
  invariant(created, 'a helper can be deployed');
  world.names.set(created, nameOf(world.names, `proxy of ${code.executable.contract}`));
  world.deployment.push({
    ...{ caller: 'deployer', contract: 'Proxy', function: 'constructor(address)' },
    arguments: showArguments([{ name: 'logic', type: 'address' }], [code.address], world.names),
    value: '0',
  });
  world.others.push(code);
  return { executable: code.executable, address: created };
}

type Deploying = { target: Target; index: number; depth: number; random: Random; tries: number };

async function deploy(
  world: Omit<World, 'target'>,
  task: ProofTask,
  { target, index, depth, random, tries }: Deploying,
): Promise<Deployed | undefined> {
  const executable = task.executables[index];
  if (!executable || executable.creationBytecode === '0x') return undefined;
  const code = await linked(world, task, executable);
  if (!code) return undefined;
  const item = executable.abi.find(({ type }) => type === 'constructor');
  const inputs = item?.inputs ?? [];
  const value = item?.stateMutability === 'payable' ? 10n * ether : 0n;
  const given = new Map<AbiParameter, Address>();
  if (depth < 3)
    for (const input of inputs) {
      const kind = kindOf(input);
      const candidates = (kind && target.kinds[kind]) || [];
      const wanted = candidates.find((each) => each !== index);
      if (wanted === undefined) continue;
      const made = await deploy(world, task, { target, index: wanted, depth: depth + 1, random, tries: 10 });
      if (made) {
        given.set(input, made.address);
        world.others.push(made);
      }
    }
  let next: Inputs | undefined;
  for (let attempt = 0; attempt < tries; attempt++) {
    const args =
      next?.args ??
      inputs.map((input) => {
        const address = given.get(input);
        if (address && (attempt < 8 || random.chance(0.7))) return address;
        return constructorValue(input, { world, random, first: attempt === 0 });
      });
    const data = inputs.length === 0 ? code : concat([code, encodeAbiParameters(inputs, args)]);
    const paid = next?.value ?? (attempt % 8 < 4 ? value : 0n);
    const sent = await world.evm.send({ from: world.people.deployer, data, value: paid });
    if (!sent.created) {
      // Other arguments altogether, now and then.
      const trace = attempt % 8 === 7 ? [] : await world.evm.trace({ hash: sent.hash, to: '0x' });
      const inputsNow = { parameters: inputs, args, value: value > 0n ? paid : undefined, wait: 0 };
      const sender = [BigInt(world.people.deployer)];
      const repaired = repair(inputsNow, trace, { now: await world.evm.now(), random, sender });
      next = repaired === 'barred' ? undefined : repaired;
      continue;
    }
    world.names.set(sent.created, nameOf(world.names, executable.contract));
    world.deployment.push({
      ...{ caller: 'deployer', contract: executable.contract },
      function: `constructor(${inputs.map(({ type }) => type).join(',')})`,
      arguments: showArguments(inputs, args, world.names),
      value: String(paid),
    });
    return { executable, address: sent.created };
  }
  return undefined;
}

function constructorValue(
  input: AbiParameter,
  { world, random, first }: { world: Omit<World, 'target'>; random: Random; first: boolean },
): unknown {
  const { deployer, alice, bob } = world.people;
  const { token, secondToken } = world.helpers;
  const isToken =
    kindOf(input) !== undefined ||
    /token|asset|currency|coin|weth|usd|oracle|feed|registry|pair|pool|router|nft|vault/i.test(
      input.name ?? '',
    );
  const persons = first ? [deployer] : [deployer, alice, bob];
  const addresses = isToken ? (first ? [token] : [token, secondToken]) : persons;
  if (input.type === 'address[]') return [alice, bob, deployer];
  return valueFor(input, {
    random,
    addresses: () => addresses,
    numbers: [1n, 2n, 100n, 3_600n, 86_400n, ether, 1_000n * ether, 0n, 10_000n],
    now: 1_767_225_600n,
    words: [],
    calldata: [],
    extreme: 0,
  });
}

/** @returns the contract's name where a parameter's type is one */
export function kindOf({ internalType = '' }: AbiParameter): string | undefined {
  return /^contract (?:.*\.)?([\w$]+)$/.exec(internalType)?.[1];
}

// Libraries with external functions are deployed first and their addresses filled in.
async function linked(
  world: Omit<World, 'target'>,
  task: ProofTask,
  { creationBytecode, creationLinkReferences }: Executable,
): Promise<Hex | undefined> {
  let digits = creationBytecode.slice(2);
  for (const [file, libraries] of Object.entries(creationLinkReferences))
    for (const [name, places] of Object.entries(libraries)) {
      const library = task.executables.find((each) => each.file === file && each.contract === name);
      const code =
        library && /^0x[0-9a-f]*$/.test(library.creationBytecode) ? library.creationBytecode : undefined;
      const made = code && (await world.evm.send({ from: world.people.deployer, data: code })).created;
      if (!made) return undefined;
      for (const { start, length } of places)
        digits = digits.slice(0, start * 2) + made.slice(2) + digits.slice((start + length) * 2);
    }
  return /^[0-9a-f]*$/.test(digits) ? `0x${digits}` : undefined;
}
