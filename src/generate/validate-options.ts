import type { z } from 'zod';
import type { Issue } from '../lib/app-error.ts';
import { fail } from './errors.ts';
import { nearestWord } from './nearest.ts';
import type { Template } from './types.ts';

/**
 * @returns the options with defaults filled
 * @throws AppError `template-options-invalid` with one issue per field (pointer `/options/<field>`)
 */
export function validateOptions(
  template: Template,
  options: Record<string, unknown>,
): Record<string, unknown> {
  const parsed = template.options.safeParse(options);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.flatMap((issue) => toIssues(issue, template));
  const problems = issues.map((issue) => `${issue.pointer.split('/').pop()}: ${issue.message}`).join('; ');
  const place = { pointer: '/options' };
  throw fail('template-options-invalid', { template: template.id, problems }, { issues, place });
}

function toIssues(issue: z.core.$ZodIssue, template: Template): Issue[] {
  if (issue.code === 'unrecognized_keys') {
    const known = optionNames(template);
    return issue.keys.map((key) => ({
      pointer: pointer([key]),
      code: 'unknown-field',
      message: `Unknown option. Did you mean "${nearestWord(key, known)}"? Options: ${known.join(', ')}.`,
    }));
  }
  return [{ pointer: pointer(issue.path), code: issue.code.replaceAll('_', '-'), message: issue.message }];
}

/** @returns the names of a template's options. */
export function optionNames(template: Template): string[] {
  const shape = (template.options as unknown as { shape?: Record<string, unknown> }).shape;
  return Object.keys(shape ?? {});
}

function pointer(path: PropertyKey[]): string {
  return ['', 'options', ...path.map(String)]
    .map((part) => part.replace(/~/g, '~0').replace(/\//g, '~1'))
    .join('/');
}
