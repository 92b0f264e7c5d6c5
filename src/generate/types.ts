import type { z } from 'zod';
import type { AbiParameter, Sources } from '../solidity/types.ts';

/** A contract kind that can be generated. One file per template. */
export interface Template<Options = Record<string, unknown>> {
  id: string;
  version: string;
  title: string;
  description: string;
  /** Validates and fills the options; its JSON Schema is what `GET /templates/{id}` shows. */
  options: z.ZodType<Options>;
  /** Words and phrases by which the prompt reader knows this template. */
  nouns: string[];
  /** Words that fit this template when no template's `nouns` are said (`token`, `coin`). */
  looseNouns: string[];
  /** What the prompt reader can read into this template's options. */
  vocabulary: Vocabulary;
  /** What to take for options that nobody gave, each with its reason. `given` is not validated yet. */
  assume(given: Readonly<Record<string, unknown>>): Assumed[];
  build(options: Options): Bundle;
}

/** A way of saying something about options. */
export interface Phrase {
  /** Regular expression source, matched on whole words, in any case. A named group `tail` in a look-ahead belongs to the quoted words. */
  pattern: string;
  sets: Record<string, unknown> | ((match: RegExpExecArray) => Record<string, unknown>);
  /** What the negated phrase sets (`no minting`); absent: a negated phrase is not understood. */
  negated?: Record<string, unknown>;
  /** Read before clauses with conditions are set aside: for phrases that hold words like `each` or `per`. */
  early?: boolean;
}

/** A number with a meaning: `supply of 10M`, `18 decimals`. */
export interface Quantity {
  option: string;
  /** `amount`: a decimal text; `integer`: a safe integer. */
  kind: 'amount' | 'integer';
  /** Regular expression sources of the words beside the number. */
  words: string[];
}

/** Everything that the prompt reader knows about one template. */
export interface Vocabulary {
  phrases: Phrase[];
  quantities: Quantity[];
  /** What a counted thing is called (`tokens`), and the option that a bare count of them settles. */
  counted?: { words: string[]; option: string };
  /** Clauses that look like an option and are not: regular expression source and hint. */
  refused: { pattern: string; hint: string }[];
  /** Words without meaning here, beside the general ones. */
  fillers: string[];
}

/** Sources and what is needed to deploy them. */
export interface Bundle {
  sources: Sources;
  entry: string;
  contract: string;
  /** Constructor parameters with their meaning; `value` is what the options settle. */
  constructorArguments: { parameter: AbiParameter; meaning: string; value?: unknown }[];
}

/** One thing the reader took from the prompt. `text` is the prompt's own words. */
export interface Understood {
  option: string;
  value: unknown;
  text: string;
}
export interface Assumed {
  option: string;
  value: unknown;
  reason: string;
}
export interface NotUnderstood {
  text: string;
  hint: string;
}

export interface PromptReading {
  template: string;
  options: Record<string, unknown>;
  understood: Understood[];
  assumed: Assumed[];
  notUnderstood: NotUnderstood[];
}

export interface GenerateRequest {
  prompt?: string;
  template?: string;
  options?: Record<string, unknown>;
}

export interface Generated extends Bundle, PromptReading {
  templateVersion: string;
}
