import type { Store } from '../store/db.ts';
import type { JobKind } from './kinds.ts';

/** Calls back when jobs of one of the kinds may be due, by whatever way this process learns of it. @returns how to stop */
export function hearAbout(store: Store, kinds: readonly JobKind[], wake: () => boolean): () => void {
  const stops = kinds.map((kind) => store.signals.onJobsDue(kind, wake));
  return () => {
    for (const stop of stops) stop();
  };
}
