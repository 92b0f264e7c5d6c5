import { readSourceMap, type SourceRange } from '../../evm/source-map.ts';
import type { Address, EvmStep } from '../../evm/types.ts';
import type { Executable } from '../../solidity/types.ts';
import type { Sent, Session } from './session.ts';
import type { Place, ProofTask } from './types.ts';

/** A trace is some two hundred bytes an instruction. */
const gasOfTraceMax = 1_500_000;
const readMaps = new WeakMap<Executable, (pc: number) => SourceRange | undefined>();

/** @returns whether one of the transactions ran an instruction that was made from the place */
export async function runsPlace(session: Session, sent: readonly Sent[]): Promise<boolean> {
  const { place } = session.task;
  for (const transaction of [...sent].reverse()) {
    if (transaction.gasUsed > gasOfTraceMax) continue;
    const trace = await session.world.evm.trace(transaction);
    const sourceAt = await mapsOf(session, trace);
    const ranges = trace.flatMap((step) => sourceAt(step) ?? []);
    if (ranges.some((range) => isWithin(range, place))) return true;
    if (
      !hasCode(session, place) &&
      ranges.some((range) => isWithin(range, { ...place.around, file: place.file }))
    )
      return true;
  }
  return false;
}

/** @returns what says which source an instruction of a trace was made from */
export async function mapsOf(
  { world, task }: Session,
  trace: readonly EvmStep[],
): Promise<(step: EvmStep) => SourceRange | undefined> {
  const known = new Map<Address, ((pc: number) => SourceRange | undefined) | undefined>();
  for (const address of new Set(trace.map(({ code }) => code))) {
    if (address === '0x') continue;
    const deployed = [world.target, ...world.others].find((each) => each.address === address);
    const executable = deployed?.executable ?? identify(await world.evm.code(address), task.executables);
    known.set(address, executable && mapOf(executable));
  }
  return ({ code, pc }) => known.get(code)?.(pc);
}

function mapOf(executable: Executable) {
  let read = readMaps.get(executable);
  if (!read) {
    read = readSourceMap(executable.runtimeSourceMap, executable.runtimeBytecode);
    readMaps.set(executable, read);
  }
  return read;
}

// A contract that another one made: of the same length, and the same but for what is filled in at deployment.
function identify(code: string, executables: readonly Executable[]): Executable | undefined {
  const same = ({ runtimeBytecode }: Executable) =>
    runtimeBytecode.length > 2 &&
    runtimeBytecode.length === code.length &&
    runtimeBytecode.slice(0, 40) === code.slice(0, 40);
  return executables.find(same);
}

const answers = new WeakMap<Place, boolean>();

function hasCode({ task }: Session, place: Place): boolean {
  const known = answers.get(place) ?? searchCode(task, place);
  answers.set(place, known);
  return known;
}

function searchCode(task: ProofTask, place: Place): boolean {
  return task.executables.some((executable) => {
    const at = mapOf(executable);
    for (let pc = 0; pc < executable.runtimeBytecode.length / 2; pc++) {
      const range = at(pc);
      if (range && isWithin(range, place)) return true;
    }
    return false;
  });
}

function isWithin(range: SourceRange, { file, start, length }: SourceRange): boolean {
  return range.file === file && range.start >= start && range.start + range.length <= start + length;
}
