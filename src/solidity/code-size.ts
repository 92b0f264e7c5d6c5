import type { Span } from './source-facts.ts';
import { sourcePlace } from './source-place.ts';
import type { Artifact, Diagnostic } from './types.ts';

/** EIP-170: bytes of runtime code that a chain accepts. */
export const runtimeBytesMax = 24_576;
/** EIP-3860: bytes of creation code that a chain accepts. */
export const creationBytesMax = 49_152;

/** Warns about code that most chains refuse to deploy. */
export function codeSizeWarnings(
  artifact: Artifact,
  source: string,
  declared: Span | undefined,
): Diagnostic[] {
  const warnings: Diagnostic[] = [];
  const warn = (code: string, message: string) =>
    warnings.push({
      severity: 'warning',
      code,
      type: 'Warning',
      message,
      ...(declared ? { place: sourcePlace(artifact.file, source, declared) } : {}),
      secondary: [],
      hint: 'Turn the optimizer on with few runs, move code into a library, or split the contract.',
    });
  const { contract, runtimeBytes, creationBytes } = artifact;
  if (runtimeBytes > runtimeBytesMax) {
    const message = `${contract} has ${runtimeBytes} bytes of runtime code; EIP-170 allows ${runtimeBytesMax}, so most chains refuse it.`;
    warn('runtime-code-too-large', message);
  }
  if (creationBytes > creationBytesMax) {
    const message = `${contract} has ${creationBytes} bytes of creation code; EIP-3860 allows ${creationBytesMax}, so most chains refuse it.`;
    warn('creation-code-too-large', message);
  }
  return warnings;
}
