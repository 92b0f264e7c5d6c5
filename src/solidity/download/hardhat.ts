import type { Arrangement, DownloadedBuild, Files } from './types.ts';

/**
 * Hardhat 2: it gives the compiler the names that files have in the project, where Hardhat 3 puts `project/` and `npm/`
 * before them, which would be another bytecode.
 */
const tools = { hardhat: '2.29.1', 'ts-node': '10.9.2', typescript: '5.9.3' };

const compilerOptions = { target: 'es2022', module: 'commonjs', esModuleInterop: true, strict: true };

/** The files that make a Hardhat project of a build's sources. */
export function hardhatFiles(build: DownloadedBuild, arrangement: Arrangement): Files {
  return {
    'package.json': `${JSON.stringify(packageJson(build, arrangement), null, 2)}\n`,
    'hardhat.config.ts': config(build, arrangement),
    // Hardhat reads its configuration by ts-node, which no longer finds settings by itself that fit each other.
    'tsconfig.json': `${JSON.stringify({ compilerOptions }, null, 2)}\n`,
    '.gitignore': 'node_modules/\nartifacts/\ncache/\n',
  };
}

function packageJson({ buildId }: DownloadedBuild, { dependencies }: Arrangement) {
  return {
    name: `slipway-build-${buildId}`,
    private: true,
    scripts: { compile: 'hardhat compile' },
    dependencies,
    devDependencies: tools,
  };
}

function config(build: DownloadedBuild, { settings, sourceFolder, sources }: Arrangement): string {
  const remappings = settings.remappings ?? [];
  const options = {
    solidity: { version: build.compiler, settings },
    paths: { sources: sourceFolder === '.' ? '.' : `./${sourceFolder}` },
  };
  const tasks = [
    ...(sourceFolder === '.' ? [sourcePaths(build.ownFiles)] : []),
    ...(remappings.length > 0 ? [remapped(Object.keys(sources))] : []),
  ];
  const imports = [
    ...(remappings.length > 0
      ? ["import { createHash } from 'node:crypto';", "import { readFileSync } from 'node:fs';"]
      : []),
    "import { subtask } from 'hardhat/config';",
  ];
  const head = tasks.length === 0 ? '' : `${imports.join('\n')}\n\n${tasks.join('\n')}\n`;
  return `${head}export default ${JSON.stringify(options, null, 2)};\n`;
}

function sourcePaths(files: readonly string[]): string {
  return `// A file stands where its name says, as names are part of the bytecode. These are the ones to compile.
const files = ${JSON.stringify(files, null, 2)};
subtask('compile:solidity:get-source-paths', async () => files.map((file) => __dirname + '/' + file));
`;
}

/**
 * Hardhat 2 has remappings of its own kind, without contexts and with other names in the compiler's input. So it gets no
 * imports to follow: it learns of a file only whether it has changed, and the compiler gets all files under their names.
 */
function remapped(files: readonly string[]): string {
  return `// Hardhat has other remappings than the compiler. It follows no imports here: these are all files, under their names.
const sources = ${JSON.stringify(files, null, 2)};
const read = (file) => readFileSync(file, 'utf8');
subtask('compile:solidity:read-file', async ({ absolutePath }) => {
  return '// ' + createHash('sha256').update(read(absolutePath)).digest('hex');
});
subtask('compile:solidity:get-compiler-input', async (job, _, runSuper) => {
  const inputs = sources.map((file) => [file, { content: read(__dirname + '/' + file) }]);
  return { ...(await runSuper(job)), sources: Object.fromEntries(inputs) };
});
`;
}
