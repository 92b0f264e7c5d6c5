import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../lib/app-error.ts';
import { generateContract } from '../generate-contract.ts';

interface Case {
  prompt: string;
  template?: string;
  understood?: Record<string, unknown>;
  assumed?: Record<string, unknown>;
  notUnderstood?: string[];
  error?: string;
}

const folder = new URL('../../../test/corpus/prompts/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

describe.each(files)('prompts of %s', (file) => {
  const cases: Case[] = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

  test.each(cases)('$prompt', (one) => {
    if (one.error !== undefined) {
      expect(codeOf(one.prompt)).toBe(one.error);
      return;
    }
    const generated = generateContract({ prompt: one.prompt });
    const reported = generated.notUnderstood.map((entry) => entry.text);
    expect({ template: generated.template, understood: byOption(generated.understood) }).toEqual({
      template: one.template,
      understood: one.understood,
    });
    expect(byOption(generated.assumed)).toMatchObject(one.assumed ?? {});
    expect(matchBothWays(one.notUnderstood ?? [], reported)).toEqual({ missing: [], surplus: [] });
  });
});

function codeOf(prompt: string): string | undefined {
  try {
    generateContract({ prompt });
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

function byOption(entries: { option: string; value: unknown }[]): Record<string, unknown> {
  return Object.fromEntries(entries.map((entry) => [entry.option, entry.value]));
}

/** Each fragment lies in a reported phrase, and each phrase holds a fragment. */
function matchBothWays(fragments: string[], phrases: string[]) {
  const holds = (phrase: string, fragment: string) => phrase.toLowerCase().includes(fragment.toLowerCase());
  return {
    missing: fragments.filter((fragment) => !phrases.some((phrase) => holds(phrase, fragment))),
    surplus: phrases.filter((phrase) => !fragments.some((fragment) => holds(phrase, fragment))),
  };
}
