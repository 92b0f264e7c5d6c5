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
  build(options: Options): Bundle;
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
