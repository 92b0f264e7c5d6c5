import { createApiKeyRoute } from './api-keys/create.ts';
import { listApiKeysRoute } from './api-keys/list.ts';
import { revokeApiKeyRoute } from './api-keys/revoke.ts';
import { listAuditLogRoute } from './audit-log/list.ts';
import { listAuditsRoute } from './audits/list.ts';
import { readAudit } from './audits/read.ts';
import { reportAuditRoute } from './audits/report.ts';
import { loginRoute } from './auth/login.ts';
import { logoutRoute } from './auth/logout.ts';
import { meRoute } from './auth/me.ts';
import { refreshRoute } from './auth/refresh.ts';
import { registerRoute } from './auth/register.ts';
import { readBuildArtifact } from './builds/artifact.ts';
import { downloadBuild } from './builds/download.ts';
import { readBuildInput } from './builds/input.ts';
import { listBuildsRoute } from './builds/list.ts';
import { readBuild } from './builds/read.ts';
import { listCompilers } from './catalogue/compilers.ts';
import { readDetector } from './catalogue/detector.ts';
import { listDetectors } from './catalogue/detectors.ts';
import { listLibraries } from './catalogue/libraries.ts';
import { listNetworks } from './catalogue/networks.ts';
import { readTemplate } from './catalogue/template.ts';
import { listTemplates } from './catalogue/templates.ts';
import { listTools } from './catalogue/tools.ts';
import { audit } from './contracts/audit.ts';
import { check } from './contracts/check.ts';
import { compile } from './contracts/compile.ts';
import { deploy } from './contracts/deploy.ts';
import { generate } from './contracts/generate.ts';
import { createDeploymentPlanRoute } from './deployment-plans/create.ts';
import { listDeploymentPlansRoute } from './deployment-plans/list.ts';
import { readDeploymentPlan } from './deployment-plans/read.ts';
import { resumeDeploymentPlanRoute } from './deployment-plans/resume.ts';
import { callDeploymentRoute } from './deployments/call.ts';
import { cancelDeploymentRoute } from './deployments/cancel.ts';
import { listDeploymentsRoute } from './deployments/list.ts';
import { readProvenance } from './deployments/provenance.ts';
import { readDeployment } from './deployments/read.ts';
import { sendTransactionRoute } from './deployments/send.ts';
import { giveSignatureRoute, readUnsignedRoute } from './deployments/signature.ts';
import { speedUpDeploymentRoute } from './deployments/speed-up.ts';
import { listTransactionsRoute } from './deployments/transactions.ts';
import { upgradeDeploymentRoute } from './deployments/upgrade.ts';
import { listVerificationsRoute } from './deployments/verifications.ts';
import { verifyDeploymentRoute } from './deployments/verify.ts';
import { listFindingsRoute } from './findings/list.ts';
import { unwaiveFindingRoute } from './findings/unwaive.ts';
import { waiveFindingRoute } from './findings/waive.ts';
import { importDeploymentsRoute } from './imported-deployments/create.ts';
import { listImportedRoute } from './imported-deployments/list.ts';
import { cancelJobRoute } from './jobs/cancel.ts';
import { listJobsRoute } from './jobs/list.ts';
import { readJobLogRoute } from './jobs/log.ts';
import { readJob } from './jobs/read.ts';
import { retryJobRoute } from './jobs/retry.ts';
import { createLiveTicketRoute } from './live/create-ticket.ts';
import { cancelPipelineRoute } from './pipelines/cancel.ts';
import { createPipeline } from './pipelines/create.ts';
import { listPipelinesRoute } from './pipelines/list.ts';
import { readPipeline } from './pipelines/read.ts';
import { retryPipelineRoute } from './pipelines/retry.ts';
import { changeSignerPolicyRoute } from './signers/change-policy.ts';
import { createSignerRoute } from './signers/create.ts';
import { exportSignerRoute } from './signers/export.ts';
import { listSignersRoute } from './signers/list.ts';
import { readSigner } from './signers/read.ts';
import { reconcileSignerRoute } from './signers/reconcile.ts';
import { listWaiversRoute } from './waivers/list.ts';
import { removeWaiverRoute } from './waivers/remove.ts';
import { createWebhookRoute } from './webhooks/create.ts';
import { deleteWebhookRoute } from './webhooks/delete.ts';
import { listDeliveriesRoute } from './webhooks/deliveries.ts';
import { listWebhooksRoute } from './webhooks/list.ts';
import { redeliverRoute } from './webhooks/redeliver.ts';

/** Every route of the API. The client's types, OpenAPI and the generic test come from this list. */
export const routes = [
  registerRoute,
  loginRoute,
  refreshRoute,
  logoutRoute,
  meRoute,
  createApiKeyRoute,
  listApiKeysRoute,
  revokeApiKeyRoute,
  createLiveTicketRoute,
  listAuditLogRoute,
  listAuditsRoute,
  readAudit,
  reportAuditRoute,
  listFindingsRoute,
  waiveFindingRoute,
  unwaiveFindingRoute,
  listWaiversRoute,
  removeWaiverRoute,
  listBuildsRoute,
  readBuild,
  readBuildArtifact,
  readBuildInput,
  downloadBuild,
  listCompilers,
  readDetector,
  listDetectors,
  listLibraries,
  listNetworks,
  readTemplate,
  listTemplates,
  listTools,
  audit,
  check,
  compile,
  deploy,
  generate,
  createDeploymentPlanRoute,
  listDeploymentPlansRoute,
  readDeploymentPlan,
  resumeDeploymentPlanRoute,
  callDeploymentRoute,
  sendTransactionRoute,
  importDeploymentsRoute,
  listImportedRoute,
  upgradeDeploymentRoute,
  readUnsignedRoute,
  giveSignatureRoute,
  listTransactionsRoute,
  cancelDeploymentRoute,
  listDeploymentsRoute,
  readDeployment,
  readProvenance,
  speedUpDeploymentRoute,
  listVerificationsRoute,
  verifyDeploymentRoute,
  cancelJobRoute,
  listJobsRoute,
  readJob,
  readJobLogRoute,
  retryJobRoute,
  cancelPipelineRoute,
  createPipeline,
  listPipelinesRoute,
  readPipeline,
  retryPipelineRoute,
  createSignerRoute,
  changeSignerPolicyRoute,
  exportSignerRoute,
  listSignersRoute,
  readSigner,
  reconcileSignerRoute,
  createWebhookRoute,
  deleteWebhookRoute,
  listDeliveriesRoute,
  listWebhooksRoute,
  redeliverRoute,
] as const;

export type Routes = (typeof routes)[number];
