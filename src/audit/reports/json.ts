import type { ReportFormat } from './types.ts';

/** The whole audit for programs, as the API shows it, with the comparison where there is one. */
export const json: ReportFormat = {
  name: 'json',
  contentType: 'application/json',
  extension: 'json',
  print: ({ report, comparison }) =>
    `${JSON.stringify({ ...report, ...(comparison ? { comparison } : {}) })}\n`,
};
