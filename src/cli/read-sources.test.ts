import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSources } from './read-sources.ts';

let home: string;
let project: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'slipway-sources-'));
  project = join(home, 'project');
});
afterEach(() => rmSync(home, { recursive: true }));

function put(path: string, text: string): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

test('a file comes with what it imports, named from the folder that holds all of it', () => {
  put('project/src/token/Token.sol', 'import "../lib/Math.sol"; import "./Missing.sol"; import "@x/Y.sol";');
  put('project/src/lib/Math.sol', 'import {Token} from "../token/Token.sol";');
  put('project/src/Other.sol', '');
  const { sources, entry } = readSources(project, 'src/token/Token.sol');
  expect(Object.keys(sources).sort()).toEqual(['lib/Math.sol', 'token/Token.sol']);
  expect(entry).toBe('token/Token.sol');
});

test('imports reach neither files outside of the project, nor files of other kinds, nor either through a link', () => {
  const secret = put('secret.sol', 'a secret');
  put('project/.env', 'a secret');
  put('project/A.sol', 'import "../secret.sol"; import "./.env"; import "./Link.sol";');
  symlinkSync(secret, join(project, 'Link.sol'));
  expect(JSON.stringify(readSources(project, 'A.sol'))).not.toContain('a secret');
  // From elsewhere, the file's own folder is all there is.
  expect(JSON.stringify(readSources('/', join(project, 'A.sol')))).toContain('a secret');
  mkdirSync(join(home, 'elsewhere'));
  expect(JSON.stringify(readSources(join(home, 'elsewhere'), '../project/A.sol'))).not.toContain('a secret');
});

test('from a folder inside a project, imports reach the whole project', () => {
  put('project/foundry.toml', '');
  put('project/src/A.sol', 'import "../lib/B.sol"; import "../../Secret.sol";');
  put('project/lib/B.sol', '');
  put('Secret.sol', '');
  const { sources } = readSources(join(project, 'src'), 'A.sol');
  expect(Object.keys(sources).sort()).toEqual(['lib/B.sol', 'src/A.sol']);
});

test('a folder gives its .sol files, and says when there are none', () => {
  put('project/a/A.sol', 'a');
  put('project/node_modules/x/X.sol', 'x');
  put('project/readme.md', '');
  expect(readSources(home, 'project')).toEqual({
    root: join(home, 'project'),
    sources: { 'a/A.sol': 'a' },
  });
  mkdirSync(join(home, 'empty'));
  expect(() => readSources(home, 'empty')).toThrow('empty holds no .sol file');
  expect(() => readSources(home, 'nothing.sol')).toThrow('there is no such file');
});
