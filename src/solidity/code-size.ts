import type { Declared } from './choose-contract.ts';
import { type PlaceFinder, placeFinder } from './source-place.ts';
import type { Artifact, Diagnostic, StandardInput } from './types.ts';

/** EIP-170: bytes of runtime code that a chain accepts. */
export const runtimeBytesMax = 24_576;
/** EIP-3860: bytes of creation code that a chain accepts. */
export const creationBytesMax = 49_152;

/** Warns about code that most chains refuse to deploy: how far over it is, and what makes it smaller. */
export function codeSizeWarnings(
  artifacts: readonly Artifact[],
  compiled: { input: StandardInput; declared: readonly Declared[] },
): Diagnostic[] {
  const { input, declared } = compiled;
  const finders = new Map<string, PlaceFinder>();
  return artifacts.flatMap((artifact) => {
    const { file, contract, runtimeBytes, creationBytes } = artifact;
    const warning = (code: string, what: { message: string; hint: string }): Diagnostic => {
      const span = declared.find((one) => one.file === file && one.name === contract);
      const finder = finders.get(file) ?? placeFinder(file, input.sources[file]?.content ?? '');
      finders.set(file, finder);
      const place = span && finder.place(span);
      return {
        severity: 'warning',
        code,
        type: 'Warning',
        ...what,
        ...(place ? { place } : {}),
        secondary: [],
      };
    };
    const warnings: Diagnostic[] = [];
    if (runtimeBytes > runtimeBytesMax) {
      const message = tooLarge(contract, {
        what: 'runtime code',
        bytes: runtimeBytes,
        max: runtimeBytesMax,
        eip: 170,
      });
      warnings.push(
        warning('runtime-code-too-large', { message, hint: runtimeAdvice(runtimeBytes, input.settings) }),
      );
    }
    if (creationBytes > creationBytesMax) {
      const message = tooLarge(contract, {
        ...{ what: 'creation code', bytes: creationBytes, max: creationBytesMax, eip: 3860 },
      });
      warnings.push(warning('creation-code-too-large', { message, hint: creationAdvice(artifact) }));
    }
    return warnings;
  });
}

function tooLarge(contract: string, size: { what: string; bytes: number; max: number; eip: number }): string {
  const { what, bytes, max, eip } = size;
  return `${contract} has ${number(bytes)} bytes of ${what}, ${number(bytes - max)} more than the ${number(max)} that EIP-${eip} allows: most chains refuse it.`;
}

/** The settings that make code smaller first, as they change nothing in the source. */
function runtimeAdvice(bytes: number, { optimizer, viaIR }: StandardInput['settings']): string {
  const settings = [
    ...(optimizer.enabled ? [] : ['turn the optimizer on']),
    ...(optimizer.enabled && optimizer.runs <= 1
      ? []
      : [
          `set optimizer.runs to 1${optimizer.enabled ? ` (it is ${number(optimizer.runs)})` : ''}, which favours small code`,
        ]),
    ...(viaIR ? [] : ['try viaIR, which often shrinks large contracts']),
  ];
  const parts = Math.ceil(bytes / runtimeBytesMax);
  const split = `move at least ${number(bytes - runtimeBytesMax)} bytes into a library with public functions or into other contracts (${parts} contracts at least)`;
  const first =
    settings.length > 0
      ? `${sentence(settings.join('; '))} If that is not enough, ${split}`
      : sentence(split, '');
  return `${first}; custom errors are smaller than reason strings.`;
}

/** Creation code is the constructor, the runtime code, and the code of the contracts that it creates. */
function creationAdvice({ runtimeBytes, creationBytes }: Artifact): string {
  const rest = creationBytes - runtimeBytes;
  return `${number(runtimeBytes)} bytes of it are the runtime code; ${number(rest)} are the constructor with its constants and the contracts that it creates. Deploy those on their own and hand their addresses in, or make the runtime code smaller.`;
}

function sentence(text: string, end = '.'): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${end}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
