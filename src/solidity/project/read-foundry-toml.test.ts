import { describe, expect, test } from 'vitest';
import { readFoundryToml } from './read-foundry-toml.ts';
import { refusal } from './test-support.ts';

const read = (text: string, profile?: string) => readFoundryToml(text, { file: 'foundry.toml', profile });
const said = (text: string, profile?: string) => refusal(() => read(text, profile));

test('reads what a compile is decided by, and passes over the rest', () => {
  const toml = read(`
[profile.default]
src = './contracts/'
test = 'test/foundry'
script = "scripts"
libs = ['lib', 'node_modules/']
remappings = ["@oz/=lib/openzeppelin-contracts/contracts/"]
auto_detect_remappings = false
solc_version = '0.8.24'
evm_version = 'Cancun'
optimizer = true
optimizer_runs = 1_000_000
via_ir = true
bytecode_hash = 'none'
cbor_metadata = false
use_literal_content = true
revert_strings = 'strip'
libraries = ['src/Lib.sol:Lib:0x00000000000000000000000000000000000000aa']
fuzz = { runs = 256 }
no_such_key = 1979-05-27

[profile.default.optimizer_details]
constant_optimizer = true
yul = true
[profile.default.optimizer_details.yulDetails]
stackAllocation = true
optimizer_steps = 'dhfoDgvulfnTUtnIf'

[fmt]
line_length = 'anything'

[rpc_endpoints]
mainnet = "\${MAINNET}"
`);
  expect(toml).toEqual({
    src: 'contracts',
    test: 'test/foundry',
    script: 'scripts',
    libs: ['lib', 'node_modules'],
    remappings: ['@oz/=lib/openzeppelin-contracts/contracts/'],
    detectRemappings: false,
    solc: '0.8.24',
    settings: {
      optimizer: {
        enabled: true,
        runs: 1_000_000,
        details: {
          constantOptimizer: true,
          yul: true,
          yulDetails: { stackAllocation: true, optimizerSteps: 'dhfoDgvulfnTUtnIf' },
        },
      },
      viaIR: true,
      evmVersion: 'cancun',
      libraries: { 'src/Lib.sol': { Lib: '0x00000000000000000000000000000000000000aa' } },
      metadata: { bytecodeHash: 'none', useLiteralContent: true, appendCBOR: false },
      debug: { revertStrings: 'strip' },
    },
    notes: [],
  });
});

describe('what it leaves open is what Foundry makes of it', () => {
  test.each([
    ['', { enabled: false, runs: 200 }],
    ['optimizer = true', { enabled: true, runs: 200 }],
    ['optimizer_runs = 44', { enabled: true, runs: 44 }],
    ['optimizer_runs = 0', { enabled: false, runs: 0 }],
    ['optimizer = false\noptimizer_runs = 44', { enabled: false, runs: 44 }],
    ['optimizer_runs = 9_999_999_999', { enabled: true, runs: 4_294_967_295 }],
  ])('%j', (lines, optimizer) => {
    expect(read(`[profile.default]\n${lines}`).settings).toEqual({ optimizer });
  });

  test('and says so', () => {
    expect(read('').notes.map(({ message }) => message)).toEqual([
      'Nothing is said about the optimizer: it is off, as Foundry has it since 1.0.',
    ]);
  });
});

describe('profiles', () => {
  const text = `
[profile.default]
solc = "0.8.20"
optimizer_runs = 10
[profile.default.optimizer_details]
yul = true
[profile.ci]
via-ir = true
optimizerRuns = 20
[profile.ci.optimizer_details]
cse = true
`;
  test('inherit from the default', () => {
    expect(read(text)).toMatchObject({ solc: '0.8.20', settings: { optimizer: { runs: 10 } } });
    expect(read(text, 'ci')).toMatchObject({
      solc: '0.8.20',
      settings: { viaIR: true, optimizer: { runs: 20, details: { yul: true, cse: true } } },
    });
  });

  test('that are not there', async () => {
    expect(await said(text, 'cii')).toBe(
      'project-profile-unknown at foundry.toml:: foundry.toml has no profile cii. Did you mean ci?',
    );
    // A table beside the profiles is none, in whatever form they stand.
    expect(await said('[default]\nsrc="a"\n[fmt]\nline_length=1', 'fmt')).toContain(
      'project-profile-unknown',
    );
  });

  test('in the forms of old', () => {
    expect(read('[default]\nsrc = "a"\nsolc = "0.8.1"\n[ci]\nsolc = "0.8.2"').solc).toBe('0.8.1');
    expect(read('[default]\nsrc = "a"\nsolc = "0.8.1"\n[ci]\nsolc = "0.8.2"', 'ci')).toMatchObject({
      src: 'a',
      solc: '0.8.2',
    });
    expect(read('src = "flat"\noptimizer = true\n[fuzz]\nruns = 1')).toMatchObject({
      src: 'flat',
      settings: { optimizer: { enabled: true } },
    });
  });
});

describe('what is wrong is said with its line', () => {
  test.each([
    ['[profile.default]\nsrc = "src"\noptimizer = "yes"', 3, 'optimizer has to be true or false'],
    ['[profile.default]\noptimizer_runs = "many"', 2, 'optimizer_runs has to be a whole number'],
    ['[profile.default]\noptimizer_runs = -1', 2, 'optimizer_runs has to be a whole number'],
    ['[profile.ci]\nsrc = "x"\n[profile.default]\nsrc = ["a", "b"]', 4, 'src has to be a string'],
    ['[profile.default]\n\nlibs = "lib"', 3, 'libs has to be a list of strings'],
    ['[profile.default]\nremappings = [1]', 2, 'remappings has to be a list of strings'],
    ['[profile.default]\nbytecode_hash = "sha"', 2, 'bytecode_hash: invalid option'],
    ['[profile.default]\nrevert_strings = "all"', 2, 'revert_strings: invalid option'],
    [
      '[profile.default]\nlibraries = ["Lib:0x1"]',
      2,
      '"Lib:0x1" is not of the form file.sol:Library:0xaddress',
    ],
    ['[profile.default.optimizer_details]\nyul = 1', 1, 'optimizer_details: invalid input'],
    ['[profile.default\nsrc = 1', 1, 'illegal character in key'],
    ['a = 1\na = 2', 2, 'trying to redefine'],
  ])('%j', async (text, line, problem) => {
    const refused = (await said(text)).toLowerCase();
    expect(refused).toContain(`project-config-invalid at foundry.toml:${line}: foundry.toml:${line}: `);
    expect(refused).toContain(problem.toLowerCase());
  });

  test('nesting without end, and a line without end', async () => {
    expect(await said(`a = ${'['.repeat(5_000)}`)).toContain('project-config-invalid at foundry.toml:1');
    const long = `[${' '.repeat(100_000)}\n`;
    expect(await said(`x = "${'/'.repeat(100_000)}x"\n[profile.default]\nlibs = 1\n# ${long}`)).toContain(
      ':3',
    );
  }, 5_000);
});

test('a compiler that is no version is left to the pragmas', () => {
  const { solc, notes } = read('[profile.default]\noptimizer = true\nsolc = "/usr/bin/solc"');
  expect([solc, notes[0]?.message]).toEqual([
    undefined,
    expect.stringContaining('"/usr/bin/solc", which is no version'),
  ]);
  expect(read(`[profile.default]\nsolc = "${'1'.repeat(300)}"`).solc).toBeUndefined();
});
