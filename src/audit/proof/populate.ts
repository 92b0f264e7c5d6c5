import type { Address } from '../../evm/types.ts';
import { type Entry, nameOfItem, type Session, type Step } from './session.ts';
import { performTuned } from './tune.ts';

/** What ends things rather than starts them: seldom done before an attack. */
const endings =
  /pause|close|stop|withdraw|sweep|kill|destroy|destruct|transferOwner|renounce|end|finish|remove|revoke|disable|cancel|rescue|drain|claim|exit|redeem|burn|refund|collect|halt|freeze|block|ban|shut|seal/i;
const beginnings =
  /init|set|add|open|start|enable|grant|register|create|list|fund|approve|mint|allow|launch|schedule/i;

/**
 * Ordinary life before an attack: the deployer arranges things, people put something in. Nobody gives anything to the
 * attacker, whose addresses no argument names.
 *
 * @param options.trial the first ones are plain, later ones wilder
 * @returns the steps that went well
 */
export async function populate(
  session: Session,
  { trial, isOver }: { trial: number; isOver: () => boolean },
): Promise<Step[]> {
  const { random, entries, world } = session;
  const { deployer, alice, bob } = world.people;
  const steps: Step[] = [];
  await session.refresh();
  const attempt = async (entry: Entry, from: Address, tries: number) => {
    for (let count = 0; count < tries && !isOver(); count++) {
      const done = await performTuned(
        session,
        { ...session.call(entry, from), from },
        { tries: 3, waits: 0.2 },
      );
      if (!done) continue;
      steps.push(done.step);
      return true;
    }
    return false;
  };
  const wild = trial >= 6 && random.chance(0.3);
  const ordinary = entries.filter(({ item }) => wild || !endings.test(nameOfItem(item)));
  const arranging = [...random.shuffle(ordinary)].sort((a, b) => weight(a) - weight(b));
  if (trial !== 1 && random.chance(0.6)) await giveTokens(session, steps);
  await session.refresh();
  let left = trial === 0 ? [] : arranging.filter(() => trial <= 2 || random.chance(0.8));
  // What did not go well may do so after the others.
  for (let pass = 0; pass < (random.chance(0.5) ? 2 : 1); pass++) {
    const failed: Entry[] = [];
    for (const entry of left)
      if (!(await attempt(entry, deployer, entry.payable ? 1 : 2))) failed.push(entry);
    left = failed.filter(({ item }) => !session.barred.has(`${deployer} ${item.name}`));
  }
  await wait(session, steps, trial);
  await session.refresh();
  const paying = ordinary.filter(({ payable }) => payable);
  const using = [...random.shuffle(paying), ...random.shuffle(ordinary.filter(({ payable }) => !payable))];
  const spared = (entry: Entry) => !entry.payable && session.focus.includes(entry) && random.chance(0.8);
  for (const person of [alice, bob])
    for (const entry of using)
      if (!spared(entry) && random.chance(entry.payable ? 0.9 : trial < 2 ? 0.5 : 0.35))
        await attempt(entry, person, 2);
  if (trial > 2 && random.chance(0.3))
    for (const entry of arranging) if (random.chance(0.3)) await attempt(entry, deployer, 1);
  await wait(session, steps, trial);
  await session.refresh();
  return steps;
}

function weight({ item }: Entry): number {
  return beginnings.test(nameOfItem(item)) ? 0 : 1;
}

// Time passes before the next thing that is done; a step of nothing stands for it.
async function wait(session: Session, steps: Step[], trial: number): Promise<void> {
  if (trial < 2 || !session.random.chance(0.35)) return;
  const seconds = session.random.pick([3_600, 86_400, 31 * 86_400, 400 * 86_400]);
  const { deployer, bob } = session.world.people;
  const step: Step = { from: deployer, to: bob, data: '0x', value: 0n, args: [], wait: seconds };
  await session.perform(step);
  steps.push(step);
}

async function giveTokens(session: Session, steps: Step[]): Promise<void> {
  const { helpers, people, target } = session.world;
  const transfer = {
    owner: { executable: session.tokenExecutable, address: helpers.token },
    item: session.tokenExecutable.abi.find(({ name }) => name === 'transfer') ?? { type: 'function' },
    payable: false,
  };
  const amount = 100n * 10n ** 18n;
  const call = session.encode(transfer, [target.address, amount]);
  const step = { ...call, from: people.alice };
  if ((await session.perform(step)).ok) steps.push(step);
}
