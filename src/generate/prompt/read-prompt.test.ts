import { describe, expect, test } from 'vitest';
import { limits } from '../../lib/limits.ts';
import { generateContract } from '../generate-contract.ts';

const read = (prompt: string) => {
  const { understood, notUnderstood } = generateContract({ prompt });
  return { understood: Object.fromEntries(understood.map((one) => [one.option, one.text])), notUnderstood };
};

describe('reading a prompt', () => {
  test("quotes the prompt's own words for everything understood", () => {
    const prompt =
      'Create an ERC20 token called GameCoin with 10M supply, 18 decimals, and burn functionality';
    expect(read(prompt).understood).toEqual({
      name: 'called GameCoin',
      initialSupply: '10M supply',
      decimals: '18 decimals',
      burnable: 'burn',
    });
  });

  test('gives a hint for what it cannot do', () => {
    expect(read('ERC20 with a tax of 2% and staking rewards').notUnderstood).toMatchInlineSnapshot(`
      [
        {
          "hint": "Fees on transfers are not offered; they break many exchanges and vaults.",
          "text": "tax of 2%",
        },
        {
          "hint": "Staking and rewards are contracts of their own beside the token.",
          "text": "staking rewards",
        },
      ]
    `);
  });

  test.each([
    ['ERC20 no burning, minting or pausing', { mintable: false, burnable: false, pausable: false }],
    ['ERC20 with decimals 8 supply 1000', { decimals: 8, initialSupply: '1000' }],
    ['ERC20, 10M supply 6 decimals burnable', { decimals: 6, initialSupply: '10000000', burnable: true }],
    ['ERC20 with 10,000 GMC supply, symbol GMC', { initialSupply: '10000', symbol: 'GMC' }],
    ['capped ERC20 with a cap of 1M and symbol ABC', { cap: '1000000' }],
    ["an ERC20 that doesn't allow burning", { burnable: false }],
    ['erc20 with half a million supply', { initialSupply: '500000' }],
    ['ERC20 where the owner can pause transfers', { pausable: true, access: 'ownable' }],
    ['a coin, not an NFT, with 5k coins, called "Not an NFT"', { initialSupply: '5000', name: 'Not an NFT' }],
  ])('%s', (prompt, options) => {
    expect(generateContract({ prompt }).options).toMatchObject(options);
  });

  test('reports what may be meant in two ways instead of guessing', () => {
    for (const prompt of [
      'ERC20 without burn and mint',
      'ERC20 burnable, no burning',
      'ERC20 with 1.000 supply, cap 5,5',
    ]) {
      expect(generateContract({ prompt }).notUnderstood).not.toEqual([]);
    }
  });

  test.each(['%, ', 'burn, ', '10M supply, ', 'A ', 'called ', 'no mint or ', '"', 'from string to '])(
    'reads the longest prompt of nothing but %j',
    (piece) => {
      const prompt = `erc20 ${piece.repeat(limits.promptCharactersMax)}`.slice(0, limits.promptCharactersMax);
      expect(generateContract({ prompt }).template).toBe('erc20');
    },
  );
});
