import { bytecodeHash } from '../bytecode-hash.ts';
import type { Arrangement, DownloadedBuild, DownloadLayout } from './types.ts';

/** Tells a person what the project is, how to compile it, and what has to come out. */
export function readMe(build: DownloadedBuild, layout: DownloadLayout, arrangement: Arrangement): string {
  const contracts = deployed(build);
  return [
    `# Slipway build ${build.buildId}`,
    `The sources of this build with the settings that it was compiled with. Compiled here, they give the same bytecode.`,
    [
      `- Compiler: \`${build.compilerLong}\`${commitOf(build.compilerLong)}`,
      `- Settings: \`${JSON.stringify(arrangement.settings)}\``,
      `- SHA-256 of the compiler's input: \`${build.inputHash}\``,
      ...build.libraries.map(
        // Builds from before libraries had licences here say none.
        ({ name, version, licence }) => `- Library: \`${name}\` ${version}${licence ? `, ${licence}` : ''}`,
      ),
    ].join('\n'),
    '## Compile',
    `\`\`\`sh\n${layout === 'hardhat' ? 'npm install\nnpx hardhat compile' : 'forge build'}\n\`\`\``,
    'Every file stands where its name in the compiler’s input says. Names and settings are part of the metadata, whose ' +
      'hash is part of the bytecode: moving a file, or adding a remapping, changes it.',
    '## What comes out',
    contracts.length === 0 ? 'No contract of this build has code.' : hashes(build),
    ...(contracts.length === 0 ? [] : [check(layout)]),
    '`slipway-build.json` has all of this for programs.',
    '',
  ].join('\n\n');
}

function deployed({ artifacts }: DownloadedBuild) {
  return artifacts.filter(({ creationBytes }) => creationBytes > 0);
}

function hashes(build: DownloadedBuild): string {
  const rows = deployed(build).map(
    ({ file, contract, creationBytecode, runtimeBytecode }) =>
      `| \`${file}:${contract}\` | \`${bytecodeHash(creationBytecode)}\` | \`${bytecodeHash(runtimeBytecode)}\` |`,
  );
  return ['| Contract | creation | runtime |', '|---|---|---|', ...rows].join('\n');
}

function check(layout: DownloadLayout): string {
  const [place, creation, runtime] =
    layout === 'hardhat'
      ? ['artifacts/<file>/<contract>.json', 'bytecode', 'deployedBytecode']
      : ['out/<file>/<contract>.json', 'bytecode.object', 'deployedBytecode.object'];
  return (
    `SHA-256 of \`${creation}\` and \`${runtime}\` in \`${place}\`, as text with its \`0x\`: ` +
    `\`jq -j .${creation} ${place} | sha256sum\`.`
  );
}

function commitOf(compilerLong: string): string {
  const commit = /\+commit\.([0-9a-f]+)/.exec(compilerLong)?.[1];
  return commit ? ` (commit ${commit} of the compiler's repository)` : '';
}
