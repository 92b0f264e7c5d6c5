import { z } from 'zod';
import { limits } from '../lib/limits.ts';

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'a 20-byte address, 0x and 40 hex digits');
/** What the compiler can hold; a larger number means the same as this one. */
const runsMax = 4_294_967_295;

const optimizer = z.strictObject({
  enabled: z.boolean().optional(),
  runs: z.number().int().min(0).max(runsMax).optional(),
  details: z
    .strictObject({
      peephole: z.boolean().optional(),
      inliner: z.boolean().optional(),
      jumpdestRemover: z.boolean().optional(),
      orderLiterals: z.boolean().optional(),
      deduplicate: z.boolean().optional(),
      cse: z.boolean().optional(),
      constantOptimizer: z.boolean().optional(),
      simpleCounterForLoopUncheckedIncrement: z.boolean().optional(),
      yul: z.boolean().optional(),
      yulDetails: z
        .strictObject({
          stackAllocation: z.boolean().optional(),
          optimizerSteps: z.string().max(1_000).optional(),
        })
        .optional(),
    })
    .optional(),
});

/**
 * What may be set of the compiler, in standard JSON's own names: the one list of it, for requests, standard JSON input
 * and projects' configuration files.
 */
export const settingsSchema = z.strictObject({
  optimizer: optimizer.optional(),
  viaIR: z.boolean().optional(),
  evmVersion: z.string().max(40).optional(),
  remappings: z.array(z.string().max(500)).max(limits.remappingsMax).optional(),
  libraries: z.record(z.string().max(500), z.record(z.string().max(200), address)).optional(),
  metadata: z
    .strictObject({
      bytecodeHash: z.enum(['ipfs', 'bzzr1', 'none']).optional(),
      useLiteralContent: z.boolean().optional(),
      appendCBOR: z.boolean().optional(),
    })
    .optional(),
  debug: z
    .strictObject({ revertStrings: z.enum(['default', 'strip', 'debug', 'verboseDebug']).optional() })
    .optional(),
});
