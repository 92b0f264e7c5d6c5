import { html } from './html.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { sarif } from './sarif.ts';
import type { ReportFormat } from './types.ts';

/** Every way to write an audit down. */
export const reportFormats = { html, json, markdown, sarif } as const satisfies Record<string, ReportFormat>;

export type ReportName = keyof typeof reportFormats;
