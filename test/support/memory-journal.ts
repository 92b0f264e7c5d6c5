import type { Message, SignedMessage } from '../../src/deploy/messages.ts';
import type { Journal } from '../../src/deploy/types.ts';

/** The nonces of one address in one chain, shared by the journals of its deployments. */
export interface NonceRow {
  next: number;
}

/** A journal in memory with the promises of the real one, for tests of the deployment machine alone. */
export interface MemoryJournal extends Journal {
  readonly messages: Message[];
  commits: number;
}

/** Signing is serial per address, as the row lock of the database makes it. */
const locks = new WeakMap<NonceRow, Promise<unknown>>();

/** Makes the journal of one deployment. */
export function memoryJournal(row: NonceRow): MemoryJournal {
  const journal: MemoryJournal = {
    messages: [],
    commits: 0,
    async record(messages) {
      journal.messages.push(...(JSON.parse(JSON.stringify(messages)) as Message[]));
      journal.commits++;
    },
    async recordSigned(before, sign) {
      const turn = (locks.get(row) ?? Promise.resolve()).then(async () => {
        const known = before.find((message) => message.kind === 'estimated')?.chainNonce ?? 0;
        const nonce = Math.max(row.next, known);
        const signed: SignedMessage = await sign(nonce);
        row.next = nonce + 1;
        await journal.record([...before, signed]);
        return signed;
      });
      locks.set(
        row,
        turn.catch(() => undefined),
      );
      return turn;
    },
    async recordReplaced(before, sign) {
      const replaced = await sign();
      await journal.record([...before, replaced]);
      return replaced;
    },
    async recordAdopted(before, fact, nonce) {
      row.next = Math.max(row.next, nonce + 1);
      await journal.record([...before, fact]);
    },
  };
  return journal;
}
