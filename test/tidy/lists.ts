import { posix } from 'node:path';
import { type Check, type Files, isTest, type Problem } from './files.ts';
import { importsOf } from './scan.ts';

/** A folder of equal files, each with a line in its index. */
interface List {
  folder: string;
  /** The index; `index.ts` in the folder unless said. */
  index?: string;
  /** Whether the files stand in folders of their own (`<resource>/<verb>.ts`). */
  deep?: boolean;
  /** Files beside the list that all its members share. */
  shared?: readonly string[];
}

/** Names of files beside members that hold what they share. */
const helpers = new Set(['types.ts', 'errors.ts', 'schemas.ts']);

const lists: readonly List[] = [
  { folder: 'src/audit/detectors' },
  { folder: 'src/audit/proof/goals' },
  { folder: 'src/audit/tools' },
  { folder: 'src/audit/reports' },
  { folder: 'src/chain/networks' },
  { folder: 'src/chain/signers' },
  { folder: 'src/chain/verifiers' },
  { folder: 'src/deploy/history' },
  { folder: 'src/solidity/libraries' },
  { folder: 'src/generate/templates' },
  { folder: 'src/generate/models' },
  { folder: 'src/repair/rewrites' },
  { folder: 'src/queue/engines' },
  { folder: 'src/jobs', shared: ['deployment-journal.ts', 'sign-together.ts'] },
  { folder: 'src/http/routes', deep: true },
  { folder: 'src/cli/commands' },
  { folder: 'bench', shared: ['frame.ts'] },
  { folder: 'test/crash', shared: ['frame.ts'] },
];

/** A list's file that its index does not know: it would never run, and nobody would notice. */
export const checkLists: Check = (files) => lists.flatMap((list) => checkList(list, files));

function checkList(list: List, files: Files): Problem[] {
  const index = list.index ?? `${list.folder}/index.ts`;
  const members = [...files.keys()].filter((file) => isMember(file, list, index));
  const text = files.get(index);
  if (members.length === 0) return [];
  if (text === undefined) {
    return [
      {
        file: index,
        message: `is missing, though ${list.folder} is a list`,
        remedy: `Write ${index} with one line per file.`,
      },
    ];
  }
  const known = new Set(importsOf(index, text).map(({ target }) => target));
  return members
    .filter((file) => !known.has(file))
    .map((file) => ({
      file,
      message: `has no line in ${index}, so it is never used`,
      remedy: `Add it to ${index}; a helper that members share goes one folder up or into test/tidy/lists.ts as shared.`,
    }));
}

function isMember(file: string, list: List, index: string): boolean {
  if (!file.startsWith(`${list.folder}/`) || !file.endsWith('.ts') || isTest(file) || file === index)
    return false;
  const rest = file.slice(list.folder.length + 1);
  if (list.deep !== true && rest.includes('/')) return false;
  return !list.shared?.includes(rest) && !helpers.has(posix.basename(rest));
}
