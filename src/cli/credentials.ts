import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Environment } from '../ops/config.ts';

const schema = z.object({ url: z.url(), apiKey: z.string() });

/** What `slipway login` keeps: the server and an API key of its own. Mode 0600, under the user's configuration folder. */
export function credentialsFile(env: Environment) {
  const home = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
  const file = join(home, 'slipway', 'credentials.json');
  return {
    file,
    read(): z.output<typeof schema> | null {
      if (!existsSync(file)) return null;
      const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
      return parsed.success ? parsed.data : null;
    },
    write(credentials: z.output<typeof schema>): void {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const draft = `${file}.${process.pid}.tmp`;
      writeFileSync(draft, `${JSON.stringify(credentials)}\n`, { mode: 0o600 });
      renameSync(draft, file);
    },
    remove: () => rmSync(file, { force: true }),
  };
}
