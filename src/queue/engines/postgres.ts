import { hearAbout } from '../hear-about.ts';
import type { OpenEngine } from './types.ts';

/** The default: the NOTIFY that follows a commit wakes every worker, and the fastest ones find something. */
export const postgres: OpenEngine = ({ store }) => ({
  join({ kinds, wake }) {
    const unsubscribe = hearAbout(store, kinds, wake);
    return {
      setBusy() {},
      passOn: () => store.signals.passOn(kinds),
      leave: async () => unsubscribe(),
    };
  },
  health: async () => ({ ok: true, detail: 'PostgreSQL wakes the workers.' }),
  close: async () => {},
});
