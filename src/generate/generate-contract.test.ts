import { describe, expect, test } from 'vitest';
import { AppError } from '../lib/app-error.ts';
import { generateContract } from './generate-contract.ts';
import type { GenerateRequest } from './types.ts';

function refusal(request: GenerateRequest): AppError {
  try {
    generateContract(request);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('generateContract', () => {
  test('writes the same readable source for the same request', () => {
    const request = {
      prompt: 'Create an ERC20 token called GameCoin with 10M supply, 18 decimals, and burn functionality',
    };
    const generated = generateContract(request);
    expect(generateContract(request)).toEqual(generated);
    expect(generated.sources[generated.entry]).toMatchInlineSnapshot(`
      "// SPDX-License-Identifier: MIT
      pragma solidity ^0.8.25;

      import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
      import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";

      /// @title ERC-20 token GameCoin
      /// @notice Fungible token, minted once at deployment, burnable by holders.
      contract GameCoin is ERC20, ERC20Burnable {
          /// @param recipient Account that receives the whole initial supply; not the zero address.
          constructor(address recipient) ERC20("GameCoin", "GC") {
              _mint(recipient, 10_000_000 * 10 ** 18);
          }
      }
      "
    `);
    expect(generated.constructorArguments).toMatchInlineSnapshot(`
      [
        {
          "meaning": "Account that receives the whole initial supply; not the zero address.",
          "parameter": {
            "internalType": "address",
            "name": "recipient",
            "type": "address",
          },
        },
      ]
    `);
  });

  test('takes a template with options and says what it assumed', () => {
    const { options, assumed, understood } = generateContract({
      template: 'erc20',
      options: { name: 'Gold', cap: '5000' },
    });
    expect(options).toMatchObject({
      name: 'Gold',
      symbol: 'GOLD',
      cap: '5000',
      mintable: true,
      initialSupply: '0',
      access: 'ownable',
    });
    expect(assumed.map((one) => one.option)).toEqual([
      'symbol',
      'decimals',
      'mintable',
      'initialSupply',
      'access',
    ]);
    expect(understood).toEqual([]);
  });

  test('lets options win over the prompt', () => {
    const generated = generateContract({
      prompt: 'ERC20 called Gold with 10M supply, mintable with fixed supply',
      options: { name: 'Silver', mintable: true },
    });
    expect(generated.options).toMatchObject({
      name: 'Silver',
      symbol: 'SILV',
      initialSupply: '10000000',
      mintable: true,
    });
    expect(generated.notUnderstood).toEqual([]);
  });

  test('reads the prompt for the template that was named', () => {
    const { template, options } = generateContract({
      template: 'erc721',
      prompt: 'called Birds, max supply 30',
    });
    expect({ template, options }).toMatchObject({
      template: 'erc721',
      options: { name: 'Birds', maxSupply: 30 },
    });
  });

  test('never makes the sender the owner', () => {
    const { constructorArguments, sources } = generateContract({ prompt: 'mintable ERC20 with 5 supply' });
    expect(constructorArguments.map((one) => one.parameter.name)).toEqual(['initialOwner', 'recipient']);
    expect(Object.values(sources).join()).not.toContain('msg.sender');
  });

  test.each([
    [{ prompt: '  \n' }, 'prompt-empty'],
    [{}, 'prompt-empty'],
    [{ prompt: 'erc20 '.repeat(2000) }, 'prompt-too-long'],
    [{ prompt: 'a pizza with cheese' }, 'prompt-no-template'],
    [{ template: 'erc2O' }, 'template-unknown'],
  ])('refuses %j', (request, code) => {
    expect(refusal(request).code).toBe(code);
  });

  test('names the nearest template', () => {
    expect(refusal({ template: 'erc2O' }).hint).toContain('"erc20"');
    expect(refusal({ prompt: 'a colection of collectables' }).data).toMatchObject({
      nearest: ['erc721', 'erc20', 'storage'],
    });
  });

  test('names every wrong option with its place', () => {
    const options = { name: 'Evil"\n', symbol: 'TWO WORDS', decimals: 256, suply: 5, mintable: 'yes' };
    expect(refusal({ template: 'erc20', options }).issues).toMatchInlineSnapshot(`
      [
        {
          "code": "invalid-format",
          "message": "Use printable characters, with no space at the start or end.",
          "pointer": "/options/name",
        },
        {
          "code": "invalid-format",
          "message": "A symbol holds no spaces.",
          "pointer": "/options/symbol",
        },
        {
          "code": "too-big",
          "message": "Too big: expected number to be <=255",
          "pointer": "/options/decimals",
        },
        {
          "code": "invalid-type",
          "message": "Invalid input: expected boolean, received string",
          "pointer": "/options/mintable",
        },
        {
          "code": "unknown-field",
          "message": "Unknown option. Did you mean "initialSupply"? Options: name, symbol, decimals, initialSupply, mintable, burnable, pausable, permit, votes, flashMint, cap, access.",
          "pointer": "/options/suply",
        },
      ]
    `);
  });

  test.each([
    [{ cap: '10', initialSupply: '11' }, '/options/cap'],
    [{ cap: 0 }, '/options/cap'],
    [{ initialSupply: '-5' }, '/options/initialSupply'],
    [{ decimals: -1 }, '/options/decimals'],
    [{ decimals: 1.5 }, '/options/decimals'],
    [{ initialSupply: '1e9' }, '/options/initialSupply'],
    [{ initialSupply: '0.5', decimals: 0 }, '/options/initialSupply'],
    [{ initialSupply: '1', decimals: 78 }, '/options/initialSupply'],
    [{ initialSupply: '0', mintable: false }, '/options/initialSupply'],
    [{ mintable: true, access: 'none' }, '/options/access'],
    [
      { initialSupply: '10000000000000000000000000000000000000000000000', votes: true },
      '/options/initialSupply',
    ],
  ])('refuses ERC-20 options %j', (options, pointer) => {
    expect(refusal({ template: 'erc20', options }).issues.map((issue) => issue.pointer)).toEqual([pointer]);
  });

  test.each([
    [{ mintable: false }, '/options/maxSupply'],
    [{ baseURI: 'ipfs://a b' }, '/options/baseURI'],
    [{ maxSupply: 0 }, '/options/maxSupply'],
  ])('refuses ERC-721 options %j', (options, pointer) => {
    expect(refusal({ template: 'erc721', options }).issues.map((issue) => issue.pointer)).toEqual([pointer]);
  });
});
