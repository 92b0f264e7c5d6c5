import { limits } from '../lib/limits.ts';
import { fail } from './errors.ts';
import { nearestWord } from './nearest.ts';
import { pickTemplate } from './prompt/pick-template.ts';
import { readNames } from './prompt/read-names.ts';
import { readPrompt } from './prompt/read-prompt.ts';
import { startScan } from './prompt/scan.ts';
import { templates } from './templates/index.ts';
import type {
  Assumed,
  Generated,
  GenerateRequest,
  NotUnderstood,
  PromptReading,
  Template,
  Understood,
} from './types.ts';
import { validateOptions } from './validate-options.ts';

/**
 * Makes a contract from a template's options, from a prompt, or from both; options that are given win over
 * what the prompt says. The same request gives the same source, byte for byte.
 *
 * @throws AppError `prompt-empty`, `prompt-too-long`, `prompt-no-template`, `template-unknown`, `template-options-invalid`
 */
export function generateContract(request: GenerateRequest): Generated {
  const reading = readRequest(request);
  const template = findTemplate(reading.template);
  const options = validateOptions(template, reading.options);
  return { ...reading, options, templateVersion: template.version, ...template.build(options) };
}

/**
 * What a request means, before any source is made: template and options with what was understood, assumed and
 * not understood. The options are not validated yet.
 *
 * @throws AppError as `generateContract`, but for `template-options-invalid`
 */
export function readRequest(request: GenerateRequest): PromptReading {
  const given = request.options ?? {};
  const named = request.template === undefined ? undefined : findTemplate(request.template);
  if (request.prompt === undefined && named) return settle(named, given, [], []);
  const prompt = checkPrompt(request.prompt ?? '');
  const scan = startScan(prompt);
  const names = readNames(scan);
  const template = named ?? pickTemplate(scan, templates);
  const read = readPrompt(scan, template, names, Object.keys(given));
  return settle(template, given, read.understood, read.notUnderstood);
}

/** @throws AppError `template-unknown` */
export function findTemplate(id: string): Template {
  const found = templates.find((template) => template.id === id);
  if (found) return found;
  const all = templates.map((template) => template.id);
  throw fail(
    'template-unknown',
    { template: id.slice(0, 64), nearest: nearestWord(id, all), all: all.join(', ') },
    { place: { pointer: '/template' } },
  );
}

function checkPrompt(prompt: string): string {
  const place = { pointer: '/prompt' };
  if (!/[\p{L}\p{N}]/u.test(prompt)) throw fail('prompt-empty', {}, { place });
  const { promptCharactersMax: max } = limits;
  if (prompt.length > max) throw fail('prompt-too-long', { characters: prompt.length, max }, { place });
  return prompt;
}

/** Given options win over the prompt; the rest is assumed, and said to be. */
function settle(
  template: Template,
  given: Record<string, unknown>,
  understood: Understood[],
  notUnderstood: NotUnderstood[],
): PromptReading {
  const said = understood.filter((one) => !Object.hasOwn(given, one.option));
  const known = { ...Object.fromEntries(said.map((one) => [one.option, one.value])), ...given };
  const assumed: Assumed[] = template.assume(known);
  const options = { ...known, ...Object.fromEntries(assumed.map((one) => [one.option, one.value])) };
  return { template: template.id, options, understood: said, assumed, notUnderstood };
}
