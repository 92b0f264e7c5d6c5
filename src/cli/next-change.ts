import { watch } from 'node:fs';
import { join } from 'node:path';

/** What makes an audit come out differently. */
const looksAt =
  /\.(sol|yul)$|(^|[/\\])(foundry\.toml|remappings\.txt|hardhat\.config\.[cm]?[jt]s|package\.json)$/;

/** Editors write in several steps; what comes within this time is one change. */
const settleMs = 100;

/**
 * Waits for a change below the folders that an audit would see.
 *
 * @param signal ends the waiting
 * @returns the files that changed, as absolute paths; undefined when the waiting was ended
 */
export function nextChange(folders: readonly string[], signal: AbortSignal): Promise<string[] | undefined> {
  return new Promise((resolve, reject) => {
    const changed = new Set<string>();
    let timer: NodeJS.Timeout | undefined;
    const end = (result: string[] | undefined) => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      signal.removeEventListener('abort', stop);
      resolve(result);
    };
    const stop = () => end(undefined);
    const watchers = folders.map((folder) =>
      watch(folder, { recursive: true }, (_, file) => {
        if (file === null || !looksAt.test(file) || /(^|[/\\])(\.git|out|cache|artifacts)[/\\]/.test(file))
          return;
        changed.add(join(folder, file));
        clearTimeout(timer);
        timer = setTimeout(() => end([...changed].sort()), settleMs);
      }).on('error', reject),
    );
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}
