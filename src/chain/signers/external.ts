import { fail } from '../errors.ts';
import type { Custody } from '../types.ts';

/** Keys in a wallet of their owner's: what is to be signed is handed out, and nothing is signed here. */
export const external: Custody = {
  kind: 'external',
  title: 'a wallet of your own',
  async create({ address }) {
    if (address === undefined) throw fail('signer-address-needed');
    return { version: 1, address };
  },
  open: ({ address }) => ({
    address,
    signTransaction: () => Promise.reject(fail('signs-elsewhere', { address })),
  }),
};
