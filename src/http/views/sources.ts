import { z } from 'zod';
import { toolNames } from '../../audit/tools/types.ts';
import { limits } from '../../lib/limits.ts';
import { settingsSchema } from '../../solidity/settings-schema.ts';
import { wei } from '../schemas.ts';

/** Path → source text. Sizes are checked here, paths and imports by the compile service. */
export const sourcesSchema = z
  .record(z.string().min(1).max(limits.sourcePathCharactersMax), z.string())
  .refine((sources) => Object.keys(sources).length > 0, 'at least one source file is needed')
  .refine(
    (sources) => Object.keys(sources).length <= limits.sourceFilesMax,
    `at most ${limits.sourceFilesMax} source files`,
  )
  .refine(
    (sources) => Object.values(sources).reduce((sum, text) => sum + text.length, 0) <= limits.sourcesBytesMax,
    `at most ${limits.sourcesBytesMax} characters of source in all`,
  );

/** What a caller may set of the compiler, in standard JSON's own names. */
export const compileSettingsSchema = settingsSchema.meta({ id: 'CompileSettings' });

/** Compiler version and settings, without sources. */
export const compileOptionsSchema = z.strictObject({
  compiler: z
    .string()
    .max(100)
    .optional()
    .describe('Exact version, semver range, or nothing: the newest that fits.'),
  settings: compileSettingsSchema.optional(),
});

export const compileRequestSchema = z
  .strictObject({
    sources: sourcesSchema.describe('Path → Solidity source text.'),
    entry: z.string().max(limits.sourcePathCharactersMax).optional(),
    contract: z
      .string()
      .max(200)
      .optional()
      .describe('Name of the contract wanted; else the last concrete one.'),
    ...compileOptionsSchema.shape,
  })
  .meta({ id: 'CompileRequest' });

/** The analysers of an audit. */
export const toolsField = z
  .array(z.enum(toolNames))
  .min(1)
  .max(toolNames.length)
  .describe(
    'Which analysers look at it; the built-in one when absent. A gate that needs an audit needs that one.',
  );

/** Sources for a check; which contract is meant makes no difference. */
export const checkRequestSchema = z
  .strictObject({
    sources: sourcesSchema.describe('Path → Solidity source text.'),
    entry: z.string().max(limits.sourcePathCharactersMax).optional(),
    ...compileOptionsSchema.shape,
  })
  .meta({ id: 'CheckRequest' });

export const generateRequestSchema = z
  .strictObject({
    // The reader itself refuses an empty and an over-long prompt, with a better message.
    prompt: z.string().optional().describe('Plain English.'),
    template: z.string().max(100).optional(),
    options: z.record(z.string(), z.unknown()).optional(),
  })
  .refine((request) => request.prompt !== undefined || request.template !== undefined, {
    error: 'a prompt or a template is needed',
    path: ['prompt'],
  })
  .meta({ id: 'GenerateRequest' });

/** What `generateContract` may say of such a request. */
export const generateErrors = [
  'prompt-empty',
  'prompt-too-long',
  'prompt-no-template',
  'template-unknown',
  'template-options-invalid',
] as const;

/** What `Compiler.prepare` may say of sources, before a job is made of them. */
export const sourceErrors = [
  'sources-empty',
  'sources-too-many',
  'sources-too-large',
  'source-path-invalid',
  'source-not-text',
  'entry-not-found',
  'import-invalid',
  'import-not-found',
  'imports-too-many',
  'library-version-not-bundled',
  'pragma-invalid',
  'pragma-unsatisfied',
  'pragma-conflict',
  'pragma-excludes-compiler',
  'compiler-not-bundled',
  'remapping-invalid',
] as const;

/** What reading an archive or standard JSON input may say beside these. */
export const projectErrors = [
  'archive-kind-unknown',
  'archive-damaged',
  'archive-too-large',
  'archive-unpacks-too-large',
  'archive-entries-too-many',
  'archive-path-invalid',
  'archive-link',
  'archive-encrypted',
  'archive-method-unknown',
  'archive-duplicate',
  'project-empty',
  'project-ambiguous',
  'project-config-invalid',
  'project-config-too-large',
  'project-profile-unknown',
  'project-dependency-missing',
  'project-compilers-differ',
  'standard-json-invalid',
] as const;

export const acknowledgementSchema = z
  .strictObject({
    fingerprint: z.string().min(1).max(200),
    reason: z.string().trim().min(1).max(limits.reasonCharactersMax),
  })
  .meta({ id: 'Acknowledgement' });

/** What the gate is asked: a stricter policy, what is acknowledged, and the explicit yes that mainnets need. */
export const gateFields = {
  policy: z
    .enum(['local', 'testnet', 'mainnet'])
    .optional()
    .describe('A stricter policy; a laxer one has no effect.'),
  acknowledgements: z.array(acknowledgementSchema).max(limits.acknowledgementsMax).default([]),
  confirm: z.boolean().default(false).describe('The explicit confirmation that a mainnet needs.'),
};

export const feePolicyField = z.enum(['slow', 'standard', 'fast']);

/** What the caller is ready to pay. */
export const feeCapsField = z
  .strictObject({
    maxFeePerGas: wei.optional().describe('Wei per gas; the gas price where a chain has no EIP-1559.'),
    maxPriorityFeePerGas: wei.optional().describe('Wei per gas.'),
    costMax: wei.optional().describe('Wei for the whole: gas limit × highest fee + value.'),
  })
  .meta({ id: 'FeeCaps' });

const signerField = z.string().min(1).max(100).optional();

/** What is paid for a transaction, and how long it is watched. */
export const paymentFields = {
  value: wei.optional(),
  feePolicy: feePolicyField.optional(),
  feeCaps: feeCapsField.optional().describe('A cap under what the chain asks for refuses it.'),
  confirmations: z.number().int().min(1).max(1_000).optional(),
  dryRun: z.boolean().optional(),
};

/** A function of a contract and what it is given. */
export const functionFields = {
  function: z.string().min(1).max(500).describe('Name, or signature where several have the name.'),
  args: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).optional(),
};

/** A contract behind a proxy. */
export const proxyField = z
  .strictObject({
    kind: z.enum(['uups', 'transparent', 'beacon']),
    initialize: z
      .strictObject(functionFields)
      .nullable()
      .describe('Called by the proxy in the transaction that creates it; null for nothing.'),
    owner: z
      .string()
      .regex(/^0x[0-9a-fA-F]{40}$/, 'an address')
      .optional()
      .describe('Who may upgrade (transparent: of its admin; beacon); the signer when absent.'),
  })
  .meta({ id: 'ProxyRequest' });

/** A call that is sent. */
export const callFields = {
  ...functionFields,
  signer: signerField.describe('Id or name; the signer of the deployment when absent.'),
  ...paymentFields,
  confirm: z.boolean().default(false).describe('The explicit confirmation that a mainnet needs.'),
};

/** Where and how to deploy. */
export const deployFields = {
  network: z.string().min(1).max(100),
  signer: signerField.describe('Id or name; the development signer on local chains.'),
  constructorArgs: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).optional(),
  ...paymentFields,
  salt: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/, '32 bytes of hex')
    .optional()
    .describe('Deploys by CREATE2: the same address on every chain, and none paid for twice.'),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, 'the hash of a commit')
    .optional()
    .describe('The revision of the sources, for the record.'),
  verify: z
    .boolean()
    .optional()
    .describe(
      'Whether the source is verified once it is confirmed; by default where the network has a place for that.',
    ),
};
