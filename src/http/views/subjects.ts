import { z } from 'zod';
import { signerKinds } from '../../store/signers.ts';
import { storedErrorSchema, time, wei } from '../schemas.ts';

const hex = z.templateLiteral(['0x', z.string()]);
export const severityView = z.enum(['critical', 'high', 'medium', 'low', 'info', 'gas']);
const severity = severityView;
const counts = z.record(severity, z.number());

const place = z.object({
  file: z.string(),
  line: z.number(),
  column: z.number(),
  endLine: z.number(),
  endColumn: z.number(),
  excerpt: z.string(),
  note: z.string().optional(),
});

export const diagnosticView = z
  .object({
    severity: z.enum(['error', 'warning', 'info']),
    code: z.string().optional(),
    type: z.string(),
    message: z.string(),
    place: place.optional(),
    secondary: z.array(z.object({ message: z.string(), place: place.optional() })),
    hint: z.string().optional(),
  })
  .meta({ id: 'Diagnostic' });

export const libraryUseView = z
  .object({ name: z.string(), version: z.string(), licence: z.string().optional(), reason: z.string() })
  .meta({ id: 'LibraryUse' });

export const artifactView = z
  .object({
    file: z.string(),
    contract: z.string(),
    abi: z.array(z.unknown()),
    creationBytecode: hex,
    runtimeBytecode: hex,
    immutableReferences: z.record(z.string(), z.unknown()),
    creationLinkReferences: z.record(z.string(), z.unknown()),
    storageLayout: z.unknown(),
    methodIdentifiers: z.record(z.string(), z.string()),
    gasEstimates: z.unknown(),
    userdoc: z.unknown(),
    devdoc: z.unknown(),
    metadata: z.string(),
    creationBytes: z.number().describe('Against EIP-3860.'),
    runtimeBytes: z.number().describe('Against EIP-170.'),
  })
  .meta({ id: 'Artifact' });

export const buildSummaryView = z
  .object({
    id: z.uuid(),
    status: z.enum(['pending', 'succeeded', 'failed']),
    cached: z.boolean(),
    inputHash: z.string().nullable(),
    entry: z.string().nullable(),
    contract: z.object({ file: z.string(), name: z.string() }).nullable(),
    error: storedErrorSchema.nullable(),
    createdAt: time,
    completedAt: time.nullable(),
  })
  .meta({ id: 'BuildSummary' });

export const buildView = buildSummaryView
  .extend({
    compiler: z.string().nullable(),
    libraries: z.array(libraryUseView),
    diagnostics: z.array(diagnosticView),
    candidates: z.array(z.string()),
    artifacts: z.array(artifactView),
  })
  .meta({ id: 'Build' });

const proof = z
  .object({
    status: z.enum(['proven', 'not-proven']).describe('What was not proven is not thereby safe.'),
    summary: z.string().describe('What the attack did, or why there is none.'),
    accounts: z.array(z.object({ name: z.string(), address: z.string() })),
    transactions: z.array(
      z.object({
        caller: z.string(),
        contract: z.string(),
        function: z.string(),
        arguments: z.array(z.string()),
        value: z.string().describe('Wei.'),
        note: z.string().optional(),
      }),
    ),
    changes: z.array(z.object({ what: z.string(), before: z.string(), after: z.string() })),
    seconds: z.number(),
  })
  .meta({ id: 'Proof' });

export const findingView = z
  .object({
    fingerprint: z.string(),
    detector: z.string(),
    severity,
    confidence: z.enum(['high', 'medium', 'low']),
    title: z.string(),
    message: z.string(),
    location: place,
    path: z.array(place),
    contract: z.string().optional(),
    function: z.string().optional(),
    why: z.string(),
    exploit: z.string(),
    fix: z.string(),
    references: z.array(z.string()),
    suppressed: z.object({ reason: z.string(), line: z.number() }).optional(),
    waived: z
      .object({
        id: z.uuid(),
        reason: z.string(),
        by: z.string().describe('Id of the user.'),
        at: time,
        expiresAt: time.nullable(),
      })
      .optional()
      .describe('Set while somebody accepts its fingerprint in the project.'),
    tool: z.string().optional().describe('The analyser that reports it; absent for the built-in one.'),
    corroboratedBy: z
      .array(z.string())
      .optional()
      .describe('Other analysers that report the same class of fault at the same place.'),
    counterexample: z
      .object({
        values: z.record(z.string(), z.string()),
        trace: z.array(z.object({ call: z.string(), state: z.string().optional() })),
      })
      .optional()
      .describe('Values under which the solver makes it happen.'),
    proof: proof.optional(),
  })
  .meta({ id: 'Finding' });

const toolReport = z
  .object({
    tool: z.string(),
    version: z.string(),
    status: z.enum(['passed', 'findings', 'partial', 'failed', 'unavailable', 'not_applicable']),
    seconds: z.number(),
    problems: z.array(
      z.object({
        detector: z.string().optional(),
        file: z.string().optional(),
        line: z.number().optional(),
        contract: z.string().optional(),
        function: z.string().optional(),
        message: z.string(),
      }),
    ),
    detectors: z.array(z.string()),
    proved: z
      .array(z.object({ property: z.string(), contract: z.string(), location: place }))
      .optional()
      .describe('What the solver proved to hold in every run of a contract.'),
    copies: z
      .array(z.object({ contract: z.string(), file: z.string(), library: z.string(), version: z.string() }))
      .optional()
      .describe('Contracts that are unchanged copies of a library’s: followed, and not reported on.'),
  })
  .meta({ id: 'ToolReport' });

export const auditSummaryView = z
  .object({
    id: z.uuid(),
    status: z.enum(['pending', 'succeeded', 'failed']),
    buildId: z.uuid().nullable(),
    overall: severity.nullable(),
    counts: counts.nullable(),
    tools: z.array(toolReport),
    error: storedErrorSchema.nullable(),
    createdAt: time,
    completedAt: time.nullable(),
  })
  .meta({ id: 'AuditSummary' });

export const auditView = auditSummaryView
  .extend({ diagnostics: z.array(diagnosticView), findings: z.array(findingView) })
  .meta({ id: 'Audit' });

export const generationView = z
  .object({
    id: z.uuid(),
    status: z.enum(['pending', 'succeeded', 'failed']),
    request: z.unknown(),
    result: z
      .object({
        template: z.string(),
        templateVersion: z.string(),
        options: z.record(z.string(), z.unknown()),
        understood: z.array(z.object({ option: z.string(), value: z.unknown(), text: z.string() })),
        assumed: z.array(z.object({ option: z.string(), value: z.unknown(), reason: z.string() })),
        notUnderstood: z.array(z.object({ text: z.string(), hint: z.string() })),
        sources: z.record(z.string(), z.string()),
        entry: z.string(),
        contract: z.string(),
        constructorArguments: z.array(
          z.object({ parameter: z.unknown(), meaning: z.string(), value: z.unknown().optional() }),
        ),
      })
      .nullable(),
    error: storedErrorSchema.nullable(),
    createdAt: time,
  })
  .meta({ id: 'Generation' });

const gateDecision = z
  .object({
    decision: z.enum(['pass', 'blocked']),
    policy: z.enum(['local', 'testnet', 'mainnet']),
    reasons: z.array(z.object({ code: z.string(), message: z.string() })),
    blocking: z.array(findingView),
    acknowledged: z.array(
      z.object({ fingerprint: z.string(), reason: z.string(), detector: z.string(), severity }),
    ),
    waived: z
      .array(
        z.object({
          ...{ fingerprint: z.string(), reason: z.string(), detector: z.string(), severity },
          ...{ by: z.string(), waiver: z.uuid() },
        }),
      )
      .optional()
      .describe('What would block, had nobody waived it.'),
  })
  .meta({ id: 'GateDecision' });

export const jsonFees = z.union([
  z.object({
    type: z.literal('eip1559'),
    maxFeePerGas: z.string(),
    maxPriorityFeePerGas: z.string(),
    baseFeePerGas: z.string(),
  }),
  z.object({ type: z.literal('legacy'), gasPrice: z.string() }),
]);

const deploymentCall = z
  .object({
    deploymentId: z.uuid().describe('The deployment whose contract is called.'),
    to: hex,
    function: z.string(),
    args: z.unknown(),
    value: z.string(),
    events: z
      .object({
        list: z.array(
          z.object({
            address: hex,
            logIndex: z.number(),
            event: z.string().nullable().describe('Null where the ABI has none that fits.'),
            args: z.record(z.string(), z.unknown()),
            topics: z.array(hex).optional(),
            data: hex.optional(),
          }),
        ),
        leftOut: z.number().describe('Logs that were too many or too large to be kept.'),
      })
      .nullable()
      .describe('What it logged; null before it is confirmed.'),
  })
  .meta({ id: 'DeploymentCallSent' });

export const deploymentView = z
  .object({
    id: z.uuid(),
    status: z.enum([
      'queued',
      'preparing',
      'blocked',
      'awaiting_approval',
      'awaiting_signature',
      'estimated',
      'signed',
      'broadcast',
      'mined',
      'confirmed',
      'failed',
      'reverted',
      'cancelled',
    ]),
    network: z.string(),
    chainId: z.number(),
    buildId: z.uuid(),
    auditId: z.uuid().nullable(),
    pipelineId: z.uuid().nullable(),
    signerId: z.uuid(),
    contract: z.object({ file: z.string(), name: z.string() }),
    constructorArgs: z.array(z.unknown()),
    call: deploymentCall
      .nullable()
      .describe('Set where it is no creation but a call that changes something.'),
    commit: z.string().nullable().describe('The revision of the sources, as it was given.'),
    proxy: z
      .object({ kind: z.enum(['uups', 'transparent', 'beacon']), beaconId: z.uuid().optional() })
      .nullable()
      .describe('Of a proxy or beacon: how it finds its code.'),
    implementationId: z
      .uuid()
      .nullable()
      .describe('The deployment whose code a proxy has since its creation, or gets by this upgrade.'),
    from: hex,
    address: hex.nullable(),
    predictedAddress: hex.nullable(),
    transactionHash: hex.nullable(),
    nonce: z.number().nullable(),
    attempts: z
      .array(
        z.object({
          hash: hex,
          fees: jsonFees,
          gasLimit: z.string(),
          reason: z.enum(['bump', 'speed-up', 'cancel', 'fill', 'wallet']).nullable(),
          empty: z.boolean().describe('True for a transaction that only uses up the nonce.'),
          signedAt: time,
        }),
      )
      .describe('Every set of bytes that was signed for the nonce, oldest first.'),
    source: z
      .enum(['created', 'existing'])
      .nullable()
      .describe('`existing` where the contract stood at its CREATE2 address already.'),
    stuck: storedErrorSchema.nullable().describe('Why no replacement can be made although nothing is mined.'),
    replacementRequest: z
      .object({
        id: z.uuid(),
        reason: z.enum(['speed-up', 'cancel']),
        feePolicy: z.enum(['slow', 'standard', 'fast']).optional(),
        feeCaps: z
          .object({
            maxFeePerGas: z.string().optional(),
            maxPriorityFeePerGas: z.string().optional(),
            costMax: z.string().optional(),
          })
          .optional(),
      })
      .nullable(),
    blockNumber: z.number().nullable(),
    blockHash: hex.nullable(),
    gasUsed: z.string().nullable(),
    costWei: z.string().nullable(),
    codeMatches: z.boolean().nullable(),
    estimate: z.unknown(),
    gate: gateDecision.nullable(),
    warnings: z.array(z.string()),
    error: storedErrorSchema.nullable(),
    seq: z.number(),
    createdAt: time,
    completedAt: time.nullable(),
  })
  .meta({ id: 'Deployment' });

const resultView = z
  .object({
    generation: generationView.nullable(),
    build: buildView.nullable(),
    audit: auditView.nullable(),
    deployment: deploymentView.nullable(),
  })
  .meta({ id: 'Result' });

export const jobSummaryView = z
  .object({
    id: z.uuid(),
    kind: z.string(),
    state: z.enum(['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled']),
    progress: z.number(),
    stage: z.string().nullable(),
    subjectId: z.uuid(),
    pipelineId: z.uuid().nullable(),
    attempts: z.number(),
    attemptsMax: z.number(),
    error: storedErrorSchema.nullable(),
    retryOf: z.uuid().nullable().describe('The job that this one tries anew.'),
    requestId: z.string().nullable(),
    seq: z.number(),
    createdAt: time,
    startedAt: time.nullable(),
    completedAt: time.nullable(),
  })
  .meta({ id: 'JobSummary' });

export const jobView = jobSummaryView.extend({ result: resultView }).meta({ id: 'Job' });

export const pipelineSummaryView = z
  .object({
    id: z.uuid(),
    state: z.enum(['queued', 'running', 'blocked', 'succeeded', 'failed', 'cancelled']),
    stages: z.array(
      z.object({
        name: z.enum(['generate', 'compile', 'audit', 'gate', 'deploy']),
        state: z.enum(['pending', 'running', 'succeeded', 'failed', 'blocked', 'cancelled', 'skipped']),
        jobId: z.uuid().nullable(),
        subjectId: z.uuid().nullable(),
        startedAt: time.nullable(),
        completedAt: time.nullable(),
        error: storedErrorSchema.nullable(),
      }),
    ),
    error: storedErrorSchema.nullable(),
    seq: z.number(),
    requestId: z.string().nullable(),
    createdAt: time,
    completedAt: time.nullable(),
  })
  .meta({ id: 'PipelineSummary' });

export const pipelineView = pipelineSummaryView.extend({ result: resultView }).meta({ id: 'Pipeline' });

/** What a signer may do; what is absent has no limit. */
export const signerPolicyField = z
  .strictObject({
    networks: z
      .array(z.string().min(1).max(100))
      .max(100)
      .optional()
      .describe('Names; none else is allowed.'),
    maxFeePerGas: wei.optional().describe('Wei per gas.'),
    spendPerDay: wei
      .optional()
      .describe('Wei on each network: what was signed within 24 hours, at its highest cost.'),
  })
  .meta({ id: 'SignerPolicy' });

export const signerView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind: z.enum(signerKinds),
    address: hex,
    keyId: z
      .string()
      .nullable()
      .meta({ description: 'Of a key that is kept elsewhere: its ARN in AWS KMS, its path in Vault' }),
    isDevelopment: z.boolean(),
    policy: signerPolicyField,
    createdAt: time,
  })
  .meta({ id: 'Signer' });
