import { catalogue } from '../lib/app-error.ts';

export const fail = catalogue({
  'check-superseded': {
    status: 409,
    title: 'A newer check took its place',
    message: 'You asked for newer checks before this one was done; its answer would be out of date.',
    hint: 'Show the answer of the newest check. Send one when typing pauses, after 200 ms or so.',
  },
  'build-not-usable': {
    status: 409,
    title: 'Build cannot be used',
    message: 'Build {id} is {status}; a finished build without errors is needed.',
    hint: 'Wait for its job to end, or correct the source and compile again.',
  },
  'contract-not-in-build': {
    status: 422,
    title: 'No such contract in the build',
    message: 'The build has no contract {contract}. It has: {candidates}.',
    hint: 'Name one of these, or leave the name out for the default one.',
  },
  'nothing-deployable': {
    status: 422,
    title: 'Nothing to deploy in the build',
    message:
      'Build {id} has only interfaces, abstract contracts and libraries: none has code of its own to deploy.',
    hint: 'Add a contract that implements every function, or name one in `contract` when you compile.',
  },
  'contract-not-deployable': {
    status: 422,
    title: 'Contract cannot be deployed',
    message: '{contract} is an interface or an abstract contract: it has no code.',
    hint: 'Deploy a contract that implements it.',
  },
  'library-not-linked': {
    status: 422,
    title: 'Library is not linked',
    message: '{contract} needs the address of {libraries}.',
    hint: 'Deploy the library first, then compile with its address in `settings.libraries`.',
  },
  'unknown-signer': {
    status: 422,
    title: 'Unknown signer',
    message: 'You have no signer {signer}.',
    hint: 'See `GET /api/v1/signers` for yours, or create one with `POST /api/v1/signers`.',
  },
  'signer-needed': {
    status: 422,
    title: 'A signer is needed',
    message: 'No signer was named, and development signers only work on local chains, not on {network}.',
    hint: 'Name one of your signers in `signer`; `POST /api/v1/signers` creates one.',
  },
  'signer-name-taken': {
    status: 409,
    title: 'Signer name taken',
    message: 'You have a signer called {name} already.',
    hint: 'Choose another name.',
  },
  'too-many-signers': {
    status: 409,
    title: 'Too many signers',
    message: 'You have {max} signers, which is the limit.',
    hint: 'Use one of them.',
  },
  'policy-blocked': {
    status: 409,
    title: 'Blocked by policy',
    message: 'The {policy} policy blocks this deployment: {reasons}',
    hint: 'Fix the findings, or acknowledge each by its fingerprint with a reason.',
  },
  'not-payable': {
    status: 422,
    title: 'Constructor takes no value',
    message: 'The constructor of {contract} is not payable, but a value of {value} wei was given.',
    hint: 'Leave `value` out, or mark the constructor `payable`.',
  },
  'deployment-failed': {
    status: 422,
    title: 'Deployment failed',
    message: 'The deployment ended as {status}.',
    hint: 'See its events for what happened, step by step.',
  },
  'chain-replaced': {
    status: 409,
    title: 'Chain was made anew',
    message:
      'What was signed for {network} belongs to a chain that no longer exists there: its genesis is another.',
    hint: 'Deploy again on the new chain.',
  },
  'pipeline-range-invalid': {
    status: 422,
    title: 'Impossible range of stages',
    message: '{problem}',
    hint: 'Stages run in the order generate, compile, audit, gate, deploy; give what the first one needs.',
  },
  'pipeline-not-retryable': {
    status: 409,
    title: 'Nothing to retry',
    message: 'The pipeline is {state}.',
    hint: 'Only a failed, blocked or cancelled pipeline can go on from where it stopped.',
  },
  'job-not-retryable': {
    status: 409,
    title: 'Nothing to retry',
    message: 'The job is {state}.',
    hint: 'Only a job that failed or was cancelled can be tried anew.',
  },
  'job-of-pipeline': {
    status: 409,
    title: 'Job of a pipeline',
    message: 'The job is a stage of pipeline {id}, which would not notice another job.',
    hint: 'Retry the pipeline from where it stopped: `POST /api/v1/pipelines/{id}/retry`.',
  },
  'job-retried': {
    status: 409,
    title: 'Retried already',
    message: 'The job was tried anew already, as job {next}.',
    hint: 'Look at that job; retry it if it failed too.',
  },
  'deployment-retried': {
    status: 409,
    title: 'Retried already',
    message: 'The deployment was tried anew already, as deployment {next}.',
    hint: 'See `GET /api/v1/deployments/{next}`; retry its job if it failed too.',
  },
  'job-kind-not-retryable': {
    status: 409,
    title: 'Job is not retried this way',
    message: 'A {kind} job cannot be tried anew by itself.',
    hint: '{advice}',
  },
  'source-not-compilable': {
    status: 422,
    title: 'Source does not compile',
    message: '{first}',
    hint: 'See `diagnostics` of the build for every error with its place.',
  },
  'audit-of-other-source': {
    status: 422,
    title: 'Audit of another source',
    message: 'Audit {audit} did not look at build {build}, so it says nothing about it.',
    hint: 'Leave `auditId` out to take the newest audit of the build, or audit it with `POST /api/v1/contracts/audit`.',
  },
  'audit-incomplete': {
    status: 422,
    title: 'Audit could not run',
    message: 'The sources do not compile, so the audit has nothing to look at: {first}',
    hint: 'Correct the source; an audit that did not run is not a pass.',
  },
});
