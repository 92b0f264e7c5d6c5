import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readHardhatConfig } from './read-hardhat-config.ts';
import { refusal } from './test-support.ts';

const read = (text: string, options: { profile?: string; major?: number } = {}) =>
  readHardhatConfig(text, { file: 'hardhat.config.ts', ...options });
const compilersOf = (text: string, options?: { profile?: string; major?: number }) =>
  read(text, options).compilers;
const messages = (text: string) => read(text).notes.map(({ message }) => message);

const off = { enabled: false, runs: 200 };

describe('solidity', () => {
  test.each([
    ['"0.8.19"', [{ version: '0.8.19', settings: { optimizer: off } }]],
    ['{ version: "0.8.19" }', [{ version: '0.8.19', settings: { optimizer: off } }]],
    [
      '{ version: "0.8.19", settings: { optimizer: { enabled: true, runs: 999, details: { yul: true } }, viaIR: true, evmVersion: "london", metadata: { bytecodeHash: "none" }, outputSelection: { "*": {} } } }',
      [
        {
          version: '0.8.19',
          settings: {
            optimizer: { enabled: true, runs: 999, details: { yul: true } },
            viaIR: true,
            evmVersion: 'london',
            metadata: { bytecodeHash: 'none' },
          },
        },
      ],
    ],
    [
      '{ compilers: [{ version: "0.7.6" }, { version: "0.8.19", settings: { optimizer: { runs: 1 } } }] }',
      [
        { version: '0.7.6', settings: { optimizer: off } },
        { version: '0.8.19', settings: { optimizer: { enabled: false, runs: 1 } } },
      ],
    ],
    [
      '["0.7.6", "0.8.19"]',
      [
        { version: '0.7.6', settings: { optimizer: off } },
        { version: '0.8.19', settings: { optimizer: off } },
      ],
    ],
    [
      '{ profiles: { default: { version: "0.8.19" } } }',
      [{ version: '0.8.19', settings: { optimizer: off } }],
    ],
    ['undefined', [{ settings: {} }]],
  ])('%s', (text, compilers) => {
    expect(read(`export default { solidity: ${text} }`)).toEqual({ compilers, overrides: {}, notes: [] });
  });

  test('overrides by file', () => {
    const text = `module.exports = { solidity: { compilers: [{ version: "0.8.19" }], overrides: {
      "contracts/Old.sol": { version: "0.7.6", settings: { optimizer: { enabled: true } } } } } }`;
    expect(read(text).overrides).toEqual({
      'contracts/Old.sol': { version: '0.7.6', settings: { optimizer: { enabled: true, runs: 200 } } },
    });
  });

  test('compiles for paris from 0.8.20 on, as Hardhat 2 does and Hardhat 3 does not', () => {
    const evm = (text: string, major?: number) =>
      compilersOf(`export default { solidity: ${text} }`, major ? { major } : {})[0]?.settings.evmVersion;
    expect(evm('"0.8.20"')).toBe('paris');
    expect(evm('"0.8.28"', 2)).toBe('paris');
    expect(evm('{ version: "0.8.28", settings: { evmVersion: "cancun" } }')).toBe('cancun');
    expect(evm('"0.8.19"')).toBeUndefined();
    expect(evm('"0.8.28"', 3)).toBeUndefined();
    expect(evm('{ profiles: { default: { version: "0.8.28" } } }')).toBeUndefined();
  });
});

test('paths', () => {
  const sources = (text: string) => read(`export default { paths: ${text} }`).sources;
  expect(sources('{ sources: "./src/", tests: "t" }')).toEqual(['src']);
  expect(sources('{ sources: ["contracts", "more"] }')).toEqual(['contracts', 'more']);
  expect(sources('{ sources: { solidity: "solidity" } }')).toEqual(['solidity']);
  expect(sources('{ tests: "t" }')).toBeUndefined();
});

describe('build profiles of Hardhat 3', () => {
  const text = `export default defineConfig({ solidity: { profiles: {
    default: { version: "0.8.28", settings: { viaIR: true } },
    lite: { compilers: [{ version: "0.8.24" }] },
  } } });`;
  test('are chosen by name', () => {
    expect(compilersOf(text)).toEqual([{ version: '0.8.28', settings: { viaIR: true, optimizer: off } }]);
    expect(compilersOf(text, { profile: 'lite' })).toEqual([
      { version: '0.8.24', settings: { optimizer: off } },
    ]);
  });

  test('production is made of the default where it is not written, with the optimizer', () => {
    const on = { optimizer: { enabled: true, runs: 200 } };
    expect(compilersOf(text, { profile: 'production' })).toEqual([{ version: '0.8.28', settings: on }]);
    expect(compilersOf('export default { solidity: "0.8.28" }', { profile: 'production', major: 3 })).toEqual(
      [{ version: '0.8.28', settings: on }],
    );
  });

  test('that are not there', async () => {
    expect(await refusal(() => read(text, { profile: 'lit' }))).toBe(
      'project-profile-unknown at hardhat.config.ts:: hardhat.config.ts has no profile lit. Did you mean lite?',
    );
  });
});

describe('what only running the file would tell', () => {
  test('is left out, with its place', () => {
    const text = `import settings from "./settings";
export default {
  networks: { main: { accounts: [process.env.KEY] } },
  solidity: { version: process.env.SOLC ?? "0.8.20", settings },
  paths: { sources: pick("a") },
};`;
    const { compilers, notes } = read(text);
    expect(compilers).toEqual([{ settings: { optimizer: off } }]);
    expect(notes).toEqual([
      {
        message:
          'solidity.version is not written out in hardhat.config.ts, which is not run: the pragmas decide.',
        place: {
          file: 'hardhat.config.ts',
          line: 4,
          column: 24,
          endLine: 4,
          endColumn: 52,
          excerpt: `process.env.SOLC ?? "0.8.20"\n${'^'.repeat(28)}`,
        },
      },
      expect.objectContaining({ message: expect.stringContaining('solidity.settings is not written out') }),
      expect.objectContaining({ message: expect.stringContaining('paths.sources is not written out') }),
    ]);
  });

  test('a list of which some entries cannot be read is the rest of it, and open for what that does not fit', () => {
    const text =
      'export default { solidity: { compilers: [{ version: latest(), settings: { viaIR: true } }, { version: "0.8.19" }, extra(), ...more] } }';
    expect(compilersOf(text)).toEqual([
      { version: '0.8.19', settings: { optimizer: off } },
      { settings: { viaIR: true, optimizer: off } },
    ]);
    expect(messages(text)).toEqual([
      'solidity.compilers.0.version is not written out in hardhat.config.ts, which is not run: the pragmas decide.',
      'solidity.compilers.2 is not written out in hardhat.config.ts, which is not run: it is left out.',
      'solidity.compilers.3 is not written out in hardhat.config.ts, which is not run: it is left out.',
    ]);
  });

  test('nothing of a configuration beside compilers and paths is shown', () => {
    const secret = '0x1234secret';
    const text = `module.exports = { networks: { a: { accounts: ["${secret}"] } }, solidity: pick({ key: 1 }) }; const k = "${secret}"`;
    expect(JSON.stringify(read(text))).not.toContain(secret);
    expect(messages(text)).toEqual([
      'solidity is not written out in hardhat.config.ts, which is not run: the pragmas decide.',
    ]);
  });

  test('a file that cannot be read at all, and one that exports nothing', () => {
    expect(messages('export default {')[0]).toContain('cannot be read (an opening bracket has no partner)');
    expect(messages('const a = "')[0]).toContain('cannot be read (Unterminated string constant');
    expect(messages('run()')).toEqual(['hardhat.config.ts exports no object: the pragmas decide.']);
  });

  test('settings that are odd are left out one by one', () => {
    const text = `export default { solidity: { version: "0.8.19", settings: {
      optimizer: { enabled: "yes", runs: 5 }, viaIR: true, experimental: 1, remappings: ["a=b", 1], libraries: { A: { B: "0x1" } } } } }`;
    const { compilers, notes } = read(text);
    expect(compilers[0]?.settings).toEqual({
      optimizer: { enabled: false, runs: 5 },
      viaIR: true,
      libraries: { A: {} },
    });
    expect(notes.map(({ message }) => message).sort()).toEqual([
      expect.stringContaining('solidity.settings.experimental is ignored: it is not known here.'),
      expect.stringContaining('solidity.settings.libraries.A.B is ignored: '),
      expect.stringContaining('solidity.settings.optimizer.enabled is ignored: '),
      expect.stringContaining('solidity.settings.remappings.1 is ignored: '),
    ]);
    expect(compilersOf('export default { solidity: { version: "newest", settings: 1 } }')).toEqual([
      { settings: { optimizer: off } },
    ]);
  });
});

test('nothing of the file is run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-config-'));
  try {
    const marker = join(folder, 'marker');
    const text = `
require("node:fs").writeFileSync(${JSON.stringify(marker)}, "run");
require("node:child_process").execSync("touch ${marker}2");
globalThis.wasRun = true;
const version = (() => { require("node:fs").writeFileSync(${JSON.stringify(marker)}, "run"); return "0.8.1"; })();
module.exports = { get solidity() { process.exit(3) }, ...{ paths: { sources: "contracts" } }, [require("node:fs").writeFileSync(${JSON.stringify(marker)}, "x")]: 1 };`;
    expect(read(text).sources).toEqual(['contracts']);
    expect([existsSync(marker), existsSync(`${marker}2`), 'wasRun' in globalThis]).toEqual([
      false,
      false,
      false,
    ]);
    // The same lines do write it when somebody runs them.
    const file = join(folder, 'run.cjs');
    writeFileSync(file, text.split('\n').slice(0, 2).join('\n'));
    await import(pathToFileURL(file).href);
    expect(existsSync(marker)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
