/** How many tests of a run ended how. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** @returns the last line of a run: `123 passed, 0 failed`, with `, 4 skipped` where there are any */
export function summaryLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
