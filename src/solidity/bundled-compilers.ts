import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { CompilerFile } from './process/messages.ts';

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
    wasmSha256: 'df14c4e5ee58b27f06b6ce9966d6de6d6382dbe6b43e41a387c9812648afca1e',
  },
  {
    version: '0.8.35',
    package: 'solc-0.8.35',
    sha256: 'fa4345d648d9a09c6601ffc978e78e9f5267b54e6d91e8f8c473f44c0c16323b',
    wasmSha256: 'ef0053244aa0ae1d9f0933f12402822331a71ce4c982376b0f2a71989994e705',
  },
  {
    version: '0.8.30',
    package: 'solc-0.8.30',
    sha256: '3bb491a777f76dff9b2fe73ce29ca20e21a971b59a2f2cf8f73415424f00be06',
    wasmSha256: '8ae51b9094a429cf7737feeff4fa59135bcf020d83df0e1b9cf65e2e272b82b4',
  },
  {
    version: '0.8.28',
    package: 'solc-0.8.28',
    sha256: '9ef37cc1d2597ed6d2f706a960f449e33eb9eee920936cea77b11e6f43861970',
    wasmSha256: '031f2aae0d37a1020abf2a66119fbcb9ca1f2d0f90404ca16ea90cf596ba6a9b',
  },
  {
    version: '0.8.26',
    package: 'solc-0.8.26',
    sha256: '35ba6661f3bdaed995fc7af14c405502290cf681b3fd062fe8738cfdf6db14ed',
    wasmSha256: 'fcf035a4bf5791d07728970c22416f8302f1116399bf4afb32633c690d876cb5',
  },
  {
    version: '0.8.25',
    package: 'solc-0.8.25',
    sha256: '0f64342b01296023229ef1a54645789a9fb9fa7924144e717f363f9bb36a684d',
    wasmSha256: '164a6a87f392314e2dcca372433430bded58c40de5ad2a5b83201be2e6ff9053',
  },
  {
    version: '0.8.24',
    package: 'solc-0.8.24',
    sha256: 'fb59b825b7d57f9de89cd9de2415b12aab1fcc7eb2573fd2bf5c9b969eacf4d9',
    wasmSha256: '7435685d96dd9dc42a2584b429d9970649e42be0d65718f764f67bb5494f49e4',
  },
  {
    version: '0.8.23',
    package: 'solc-0.8.23',
    sha256: '9745559c347ccd7f9334b5e0aa00e884c23913952d943abdc0c6af85220a6b8e',
    wasmSha256: '2d7a4a824bae604f287a58f5dfe93ae917b165d31b1f245102d1b13b24d25793',
  },
  {
    version: '0.8.20',
    package: 'solc-0.8.20',
    sha256: '033dc42a16378dd036a475b8a7080af83cfae1841eb6848ce1667c56193972ba',
    wasmSha256: 'ed2f461b3c0eb1e3c7b923867f9b0f7b5341a4aafbc776eb6ebda3c542483a38',
  },
  {
    version: '0.8.19',
    package: 'solc-0.8.19',
    sha256: 'fba49e26930967a28d4f301088e126002ab6fbb755f37b5d0ee22b1bf4787070',
    wasmSha256: 'b5e81cbab32c7414cb3b4feee20acd88ed15b88fb6330b306afe8b9f5e25cf24',
  },
  {
    version: '0.8.17',
    package: 'solc-0.8.17',
    sha256: '04184dd4a976c37a64c8d6470e25983cfdbb09b10ff371da9178f50d6e132745',
    wasmSha256: 'fc2c58edc8b35797dfb762e95da79e62db155a18a2467c8497a19aea633c2590',
  },
  {
    version: '0.8.16',
    package: 'solc-0.8.16',
    sha256: '27b55a37c20f62bba94411fa31c18ab99f130e5cac2e548c9ca79507e85f0e2e',
    wasmSha256: 'a1968a60aa528c9b918827af7c0c701adef536062972c568cd9cc48f2b5377dc',
  },
  {
    version: '0.8.15',
    package: 'solc-0.8.15',
    sha256: '6f5730c00e5c33ea62d9e942c3b86e55209dbeb31f975b5b6b69671564cb519a',
    wasmSha256: 'ef02ae8da74aac1f97c196b19861d78d9327c92474737bec632d8ba3d5c324df',
  },
  {
    version: '0.8.13',
    package: 'solc-0.8.13',
    sha256: '723427bc2a01780f0774e8b5043d4c257c8dc84b836f5068ed53ceb7bcd0a734',
    wasmSha256: '319383bff27ef4c8b2a1298987f566dc9bef92ef679d0cd0aa604722697dfd6e',
  },
  {
    version: '0.8.10',
    package: 'solc-0.8.10',
    sha256: '5eaee3240a06891abf5ac70c75caf9a0c33ebe9a2736abdaa22a337f86c22933',
    wasmSha256: 'b6eba45159cdf8b375ea646e08d4dafe9eff22b2acd6a9985fe8b38025c34b6f',
  },
  {
    version: '0.8.9',
    package: 'solc-0.8.9',
    sha256: '5b25f987aae32a0275fdc6c1be36cc47cf126024a04dafd8e4be39a1d1d1422c',
    wasmSha256: '469873b416bb3dc3ba94732f09e47c2539169f229550d3bac9c49eee42f4b402',
  },
  {
    version: '0.8.7',
    package: 'solc-0.8.7',
    sha256: '663ba99f7c7ee907f0f03227502d48a78256c3c292ace3b79a5d3eb510665306',
    wasmSha256: 'fb1e2f175397f9b04e6691531519a33f4a062363d501b03650a2c31f33f56bad',
  },
  {
    version: '0.8.6',
    package: 'solc-0.8.6',
    sha256: '06a671efd8865a6ecc0ad648076177b35abcd06a7059888ea65111272e33a57f',
    wasmSha256: '19a2289686f68e4a4f8f4bda6dbd527ab68f0292e34c2380f72327d4687801ba',
  },
  {
    version: '0.8.4',
    package: 'solc-0.8.4',
    sha256: '4a14c7bcaf0d988a829db2174b8f7731898aa8633216490603ad74bff64eca3c',
    wasmSha256: '5d930246b45a8203244c021aaba2a7b117c08314d0092fa17b40e72bfa69dec2',
  },
  {
    version: '0.7.6',
    package: 'solc-0.7.6',
    sha256: 'b94e69dfb056b3e26080f805ab43b668afbc0ac70bf124bfb7391ecfc0172ad2',
    wasmSha256: 'ce0eb35417356a7b8c94df71dc3b0ae78891309f6fb5ff105df7fc342f6594d9',
  },
  {
    version: '0.6.12',
    package: 'solc-0.6.12',
    sha256: '3e1956c550ca48e289044c7c0bd892403081b4b5e17e77ce707c815ce6c4228f',
    wasmSha256: '1dec970f30abc8832970e7e2ebcba5a007868dad51958585bb7cf67aab7a2eb4',
  },
  {
    version: '0.6.6',
    package: 'solc-0.6.6',
    sha256: '09f6098026622c5c334c7798c3ad2b8f7c0ebc62f87846c7d5e7e725c3d1cbc2',
    wasmSha256: '6acd878f46837bc6ac63654519044038b99eb9adfd8a5bf865b42a6fe3461391',
  },
  {
    version: '0.5.17',
    package: 'solc-0.5.17',
    sha256: 'dac1bc7560247d3e69bce9891f7eb2218a6a8d0106d9cdb4de8e03ede4546153',
  },
  {
    version: '0.5.16',
    package: 'solc-0.5.16',
    sha256: '52ad76de0634e875ac3d50e09a0057532ff53c6d851ef61204af1b0d620797b6',
  },
  {
    version: '0.4.26',
    package: 'solc-0.4.26',
    sha256: '357adb49bb74c9eabaa034db28f96b4105def2b052c7795db8e30ad9a34cc551',
  },
  {
    version: '0.4.24',
    package: 'solc-0.4.24',
    sha256: '9d9ec631865882a435fc577126fe068ccdf9c3962aa439acb2cdd0794907fccc',
  },
];

/** @returns the versions, newest first. */
export function bundledVersions(): string[] {
  return bundledCompilers.map((compiler) => compiler.version);
}

/** The bundled compilers as the compiler process gets them, newest first. */
export function bundledFiles(): CompilerFile[] {
  return bundledCompilers.map(({ package: name, ...one }) => ({ ...one, path: compilerPath(name) }));
}

/** Where the compiler's file lies; the file is never loaded by this process (it is GPL, and it installs handlers). */
function compilerPath(name: string): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve(`${name}/package.json`)), 'soljson.js');
}
