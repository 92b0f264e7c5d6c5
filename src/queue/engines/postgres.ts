import type { OpenEngine } from './types.ts';

/** The default: the NOTIFY that follows a commit wakes every worker, and the fastest ones find something. */
export const postgres: OpenEngine = ({ store }) => ({
  join({ lane, wake }) {
    const unsubscribe = store.signals.onJobsDue(lane, wake);
    return {
      setFull() {},
      passOn: () => store.signals.passOn(lane),
      leave: async () => unsubscribe(),
    };
  },
  health: async () => ({ ok: true, detail: 'PostgreSQL wakes the workers.' }),
  close: async () => {},
});
