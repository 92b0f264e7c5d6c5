import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const serverSchema = z.object({ url: z.url(), pid: z.number() });

/** What the server leaves in the data directory for the command line in the same folder. Mode 0600. */
export interface LocalFiles {
  /** Where the server listens; removed when it stops. */
  writeServer(server: { url: string }): void;
  removeServer(): void;
  readServer(): { url: string; pid: number } | null;
  /** The local owner's API key. */
  writeApiKey(key: string): void;
  readApiKey(): string | null;
}

export function localFiles(dataDir: string): LocalFiles {
  const server = join(dataDir, 'server.json');
  const apiKey = join(dataDir, 'api-key');
  return {
    writeServer: ({ url }) => writeWhole(server, `${JSON.stringify({ url, pid: process.pid })}\n`),
    removeServer: () => rmSync(server, { force: true }),
    readServer() {
      const text = read(server);
      const parsed = text === null ? null : serverSchema.safeParse(parse(text));
      return parsed?.success ? parsed.data : null;
    },
    writeApiKey: (key) => writeWhole(apiKey, `${key}\n`),
    readApiKey: () => read(apiKey)?.trim() || null,
  };
}

/** A rename puts the whole file there at once: a reader never sees half of it. */
function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}

function read(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
