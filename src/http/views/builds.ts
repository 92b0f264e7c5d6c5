import { z } from 'zod';
import { libraryUseView } from './subjects.ts';

/** What a build was made of. Settings are shown as the compiler gets them, whatever it knows. */
export const buildInputView = z
  .object({
    buildId: z.uuid(),
    inputHash: z.string(),
    compiler: z.string().describe('Exact version.'),
    compilerLong: z.string().describe('With the commit of the compiler.'),
    entry: z.string(),
    contract: z.string().nullable().describe('The contract that was asked for by name.'),
    ownFiles: z.array(z.string()).describe('Files that are not of a library.'),
    libraries: z.array(libraryUseView),
    input: z.object({
      language: z.literal('Solidity'),
      sources: z.record(z.string(), z.object({ content: z.string() })),
      settings: z.looseObject({
        optimizer: z.looseObject({ enabled: z.boolean(), runs: z.number() }),
        viaIR: z.boolean().optional(),
        evmVersion: z.string().optional(),
        remappings: z.array(z.string()).optional(),
        libraries: z.record(z.string(), z.record(z.string(), z.string())).optional(),
      }),
    }),
  })
  .meta({ id: 'BuildInput' });
