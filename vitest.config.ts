import { defineConfig } from 'vitest/config';

const common = {
  environment: 'node',
  // Processes, not threads: the tests start servers, handle signals and load native parts.
  pool: 'forks',
  testTimeout: 30_000,
  hookTimeout: 60_000,
} as const;

export default defineConfig({
  test: {
    // Of the whole run: set-up that a project names itself is done once for each.
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: 2,
    projects: [
      // One file after the other in the same process: a process for each costs more than most of these files.
      { test: { ...common, name: 'rooms', include: ['src/**/*.test.ts'], isolate: false } },
      { test: { ...common, name: 'whole', include: ['test/**/*.test.ts', 'bench/**/*.test.ts'] } },
    ],
  },
});
