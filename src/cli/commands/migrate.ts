import type { Command } from 'commander';
import { readConfig } from '../../ops/config.ts';
import { type CliCommand, exitCodes } from '../command.ts';

/** `slipway migrate`: brings the database to the newest schema and ends. */
export const migrateCommand: CliCommand = {
  name: 'migrate',
  configure(command: Command, run) {
    command.description('bring the database to the newest schema').action(() =>
      run(async (io) => {
        // Loaded here, as the database's client is behind it.
        const { runMigrations } = await import('../../service/run-migrations.ts');
        const applied = await runMigrations(readConfig(io.env, io.cwd));
        const list = applied.map((name) => `  ${name}\n`).join('');
        io.stdout.write(applied.length > 0 ? `Applied:\n${list}` : 'The database is up to date.\n');
        return exitCodes.ok;
      }),
    );
  },
};
