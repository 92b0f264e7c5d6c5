import type { Diagnostic, RequestNote } from './types.ts';

/** Shows what was decided for the caller beside what the compiler says. */
export function noteDiagnostics(notes: readonly RequestNote[] = []): Diagnostic[] {
  return notes.map(({ message, place }) => ({
    severity: 'info',
    type: 'Note',
    message,
    ...(place ? { place } : {}),
    secondary: [],
  }));
}
