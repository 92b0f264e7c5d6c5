import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import type { Counts } from './counts.ts';

/**
 * Counts what really ran and hands it to `run.ts` in the file named by `TEST_RUN_COUNTS`. A file that could not
 * be loaded and an error outside of any test each count as one failed test: else they would go unseen.
 */
export default class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts: Counts = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed += 1;
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        // Pending at the end means that the run was broken off: it is not a pass.
        counts[state === 'pending' ? 'failed' : state] += 1;
      }
    }
    const file = process.env['TEST_RUN_COUNTS'];
    if (file) writeFileSync(file, JSON.stringify(counts));
  }
}
