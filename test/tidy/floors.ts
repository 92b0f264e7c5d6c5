import { type Check, isTest, type Problem } from './files.ts';
import { allImports, codeOnly } from './scan.ts';

/** The floors of ARCHITECTURE.md. An import goes to a lower floor or stays in its room. */
const floors: Record<string, number> = {
  lib: 0,
  ...{ solidity: 1, evm: 1, chain: 1, webhooks: 1 },
  ...{ audit: 2, generate: 2, repair: 2, deploy: 2 },
  ops: 3,
  store: 4,
  queue: 5,
  actions: 6,
  ...{ http: 7, jobs: 7 },
  ...{ client: 8, service: 8 },
  cli: 9,
  main: 10,
};

/** Rooms that may use less than all that is below them. */
const narrow: Record<string, { rooms: readonly string[]; why: string }> = {
  client: {
    rooms: ['lib'],
    why: 'the client runs in browsers; of the rest it may take types (`import type`)',
  },
  cli: {
    rooms: ['client', 'service', 'solidity', 'audit', 'generate', 'repair', 'ops', 'lib'],
    why: 'the command line reaches the platform over HTTP through `client`',
  },
  main: { rooms: ['cli'], why: 'it only starts `cli`' },
};

/** An import that climbs, goes sideways, or leaves the sources. */
export const checkFloors: Check = (files) => {
  const problems: Problem[] = [];
  for (const [file, imports] of allImports(files)) {
    const from = roomOf(file);
    if (from === null || isTest(file)) continue;
    if (!(from in floors)) {
      problems.push({
        file,
        message: `the room \`${from}\` stands on no floor`,
        remedy:
          'Put the file into a room of ARCHITECTURE.md, or add the room there and in test/tidy/floors.ts.',
      });
      continue;
    }
    for (const { target, typeOnly, line } of imports) {
      if (target === null) continue;
      const to = roomOf(target);
      const message = to === null || isTest(target) ? leaves(target) : complaint(from, to, typeOnly);
      if (message)
        problems.push({ file, line, message: `imports ${target}: ${message}`, remedy: remedyFor(from, to) });
    }
  }
  return problems;
};

/** Rooms below `ops` get time, randomness and settings handed in. */
export const checkPurity: Check = (files) => {
  const problems: Problem[] = [];
  for (const [file, text] of files) {
    const room = roomOf(file);
    const floor = room === null ? undefined : floors[room];
    if (floor === undefined || floor > 2 || isTest(file)) continue;
    const forbidden =
      floor === 2 ? /\bprocess\.env\b|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/g : /\bprocess\.env\b/g;
    const code = codeOnly(text);
    for (const match of code.matchAll(forbidden)) {
      problems.push({
        file,
        line: code.slice(0, match.index).split('\n').length,
        message: `\`${match[0]}\` in a room of floor ${floor}`,
        remedy: 'Take it as a parameter; `service` and `jobs` hand in the real one.',
      });
    }
  }
  return problems;
};

function roomOf(path: string): string | null {
  const [top, room, ...rest] = path.split('/');
  if (top !== 'src' || room === undefined) return null;
  return rest.length === 0 ? room.replace(/\.ts$/, '') : room;
}

function leaves(target: string): string {
  return isTest(target) ? 'a test is no part of the program' : 'it lies outside of src/';
}

function complaint(from: string, to: string, typeOnly: boolean): string | null {
  if (from === to) return null;
  const [own, other] = [floors[from] ?? 0, floors[to]];
  if (other === undefined) return `the room \`${to}\` stands on no floor`;
  if (other > own) return `it climbs from floor ${own} (${from}) to floor ${other} (${to})`;
  if (other === own) return `it goes sideways on floor ${own}, from ${from} to ${to}`;
  const rule = narrow[from];
  if (!rule || rule.rooms.includes(to) || (from === 'client' && typeOnly)) return null;
  return `\`${from}\` may use only ${rule.rooms.join(', ')}: ${rule.why}`;
}

function remedyFor(from: string, to: string | null): string {
  if (to === null) return 'Move what is needed into src/, to a room on a floor below.';
  return `Hand what \`${from}\` needs in as a parameter, move it down to a floor below both, or put the two together in a room above them.`;
}
