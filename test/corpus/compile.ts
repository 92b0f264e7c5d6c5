import { startCompiler } from '../../src/solidity/start-compiler.ts';
import { installPackages } from './compile/install-packages.ts';
import { packages } from './compile/packages/index.ts';
import { reportPackages } from './compile/report.ts';
import { runPackages } from './compile/run-packages.ts';
import type { Corpus } from './frame.ts';

/** Whole packages in one compile take longer than what one user may ask for; the memory limit is that of production. */
const compileSeconds = 1_200;

/** Well-known packages from their files alone, against the code that they ship themselves. */
export const compile: Corpus = {
  name: 'compile',
  describe:
    'Every file of well-known packages compiles with the settings that their project publishes, to the bytecode ' +
    'that they ship; what does not is explained. With --tests code is made of tests too that nothing is compared with.',
  options: ['package'],
  flags: ['tests'],
  refuse: (words) =>
    chosen(words).length > 0 ? undefined : `The packages are ${packages.map(({ name }) => name).join(', ')}.`,
  async run({ words, note }) {
    const modules = await installPackages(note);
    const compiler = await startCompiler({ compileSeconds });
    const started = performance.now();
    try {
      const tests = words['tests'] !== undefined;
      const reports = await runPackages({ packages: chosen(words), modules, compiler, tests, note });
      return reportPackages(reports, (performance.now() - started) / 1_000);
    } finally {
      await compiler.close();
    }
  },
};

function chosen({ package: name }: Readonly<Record<string, string>>) {
  return packages.filter((pkg) => name === undefined || pkg.name === name);
}
