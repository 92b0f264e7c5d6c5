import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A compiler that npm brought. The digest guards against a changed file: the compiler is foreign code that we run. */
export interface BundledCompiler {
  version: string;
  package: string;
  sha256: string;
  /** Of the unpacked WebAssembly, where we unpack it ourselves: a wrong byte there could compile contracts wrongly. */
  wasmSha256?: string;
}

/** Every bundled compiler, newest first: the only place that names one. */
export const bundledCompilers: readonly BundledCompiler[] = [
  {
    version: '0.8.37',
    package: 'solc',
    sha256: '221d7a667378b5068d913e75fe092507e061363cd1d23b64c49ae82febabad4c',
  },
  {
    version: '0.7.6',
    package: 'solc-0.7.6',
    sha256: 'b94e69dfb056b3e26080f805ab43b668afbc0ac70bf124bfb7391ecfc0172ad2',
  },
  {
    version: '0.6.12',
    package: 'solc-0.6.12',
    sha256: '3e1956c550ca48e289044c7c0bd892403081b4b5e17e77ce707c815ce6c4228f',
  },
  {
    version: '0.5.17',
    package: 'solc-0.5.17',
    sha256: 'dac1bc7560247d3e69bce9891f7eb2218a6a8d0106d9cdb4de8e03ede4546153',
  },
  {
    version: '0.4.26',
    package: 'solc-0.4.26',
    sha256: '357adb49bb74c9eabaa034db28f96b4105def2b052c7795db8e30ad9a34cc551',
  },
];

/** @returns the versions, newest first. */
export function bundledVersions(): string[] {
  return bundledCompilers.map((compiler) => compiler.version);
}

/** Where the compiler's file lies; the file is never loaded by this process (it is GPL, and it installs handlers). */
export function compilerPath(compiler: { package: string }): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve(`${compiler.package}/package.json`)), 'soljson.js');
}
