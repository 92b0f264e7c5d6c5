/** Every limit of the platform, in one place. Units come last in the names. */
export const limits = {
  /** A request's body, unless its route says otherwise. */
  bodyBytesMax: 1_048_576,
  /** Fields and elements of a body at all depths together: each may become a fault with a message of its own. */
  bodyValuesMax: 50_000,
  /** A body that carries sources. */
  sourceBodyBytesMax: 16_777_216,
  sourcesBytesMax: 8_388_608,
  sourceFilesMax: 2_000,
  sourcePathCharactersMax: 240,
  remappingsMax: 500,
  /** An archive of a project as it is sent; as base64 it fits into a body that carries sources. */
  archiveBytesMax: 12_000_000,
  /** What an archive may unpack to, counted while it is unpacked. */
  archiveUnpackedBytesMax: 67_108_864,
  archiveEntriesMax: 20_000,
  /** A project's `foundry.toml`, `hardhat.config.ts`, `remappings.txt` or `package.json`. */
  projectConfigBytesMax: 131_072,
  /** What is said to the caller about how a project was read. */
  projectNotesMax: 50,
  /** Folders with dependencies that are looked through; and how many of their configurations are read. */
  projectLibsMax: 20,
  projectDependencyConfigsMax: 100,
  /** Remappings of a project, those that are found included. */
  projectRemappingsMax: 2_000,
  /** Imports of all files of a project together. */
  projectImportsMax: 20_000,
  /** Files reached by imports, bundled libraries included. */
  importedFilesMax: 4_000,
  /** Different version ranges in the pragmas of one compile. */
  pragmasMax: 1_000,
  /** Of the caller's own sources, read to choose the version of a library. */
  evidenceCharactersMax: 2_097_152,
  promptCharactersMax: 8_000,
  constructorArgumentsMax: 64,
  constructorArgumentsBytesMax: 65_536,
  /** Of the events of one transaction, those that are kept: as many, and as many characters of JSON. */
  callEventsMax: 200,
  callEventsCharactersMax: 262_144,

  /** Of one run of the compiler, unless the setting says otherwise, and the most it may say. */
  compileSeconds: 60,
  compileSecondsMax: 300,
  /** Of a compile job: its turn, a download, and the runs that a large or difficult project takes. */
  compileJobSeconds: 900,
  /** Live checks of an owner that one process has under way; one more ends the oldest. */
  checksInFlightMax: 2,
  /** Of an audit job: its parts, the built-in analyser, and all that it names beside. */
  auditSeconds: 900,
  /** Of the built-in analyser: linking and running a unit's entry points, one detector, one unit with everything. */
  readUnitSeconds: 60,
  detectorSeconds: 20,
  analyserSeconds: 150,
  analyserMemoryMegabytesMax: 1_536,
  /** Of sources that do not compile: compiles that may go into leaving out their errors; imports that lead nowhere. */
  partialRoundsMax: 40,
  missingImportsMax: 200,
  /** Of sources that do not even compile with their errors left out: contracts that are tried alone, and how long. */
  contractsApartMax: 40,
  partsSeconds: 120,
  /** Of one external analyser or solver of an audit, unless the setting says otherwise, and the most that may be set. */
  toolSeconds: 120,
  toolSecondsMax: 300,
  /** Of all that one audit names, those that wait for their turn included. */
  allToolsSeconds: 420,
  /** Of an external analyser and all that it starts, together. */
  toolMemoryBytesMax: 2_147_483_648,
  /** What it may say, and how long it may take to say its version. */
  toolOutputBytesMax: 33_554_432,
  toolVersionSeconds: 20,
  /** External analysers of all audits that one process runs at a time. */
  toolsInFlight: 2,
  /** Contracts of an audit that the solver is asked about, and of what it proved, what is kept. */
  proofContractsMax: 20,
  provedPropertiesMax: 200,
  /** What is kept of a message of theirs. */
  toolMessageCharactersMax: 2_000,
  /** Of computing for an attack that shows one finding; by the clock for one, and for all of an audit together. */
  proofSeconds: 10,
  proofClockSeconds: 60,
  proofsSeconds: 120,
  /** What the process of these searches may hold. */
  proofMemoryBytesMax: 1_073_741_824,
  generateSeconds: 60,
  compilerMemoryBytesMax: 1_610_612_736,
  compilerOutputBytesMax: 67_108_864,
  /** What the compiler process may hold between compiles before a fresh one takes its place. */
  compilerProcessBytesMax: 1_073_741_824,
  /** Compilers that it holds ready at a time. */
  compilersHeldMax: 4,
  /** A compiler from the official list, and the list itself. */
  compilerFileBytesMax: 67_108_864,
  compilerListBytesMax: 4_194_304,
  compilerDownloadSeconds: 120,
  compilerListSeconds: 10,
  /** How long a list that could not be had, or did not help, is not asked for again. */
  compilerListPauseSeconds: 300,
  /** A source text from this size on is stored by its own hash, below it in the list of its build. */
  contentBytesMin: 1_024,
  diagnosticsMax: 200,
  findingsMax: 1_000,
  findingsPerDetectorMax: 100,
  excerptCharactersMax: 400,

  jobLeaseSeconds: 30,
  jobAttemptsMax: 3,
  jobLeaseLossesMax: 10,
  jobsInFlightPerProcess: 4,
  /** Deliveries one process makes at a time: they wait for strangers and cost nothing meanwhile. */
  deliveriesInFlightPerProcess: 64,
  /** Deployments one process drives at a time: they wait for nodes of a chain. */
  deploymentsInFlightPerProcess: 16,
  /** What a tier may have at a time: jobs that run, deliveries that run, jobs that nobody has started; null is no limit. */
  jobsRunningMax: { free: 2, pro: 10, enterprise: null },
  deliveriesRunningMax: { free: 4, pro: 4, enterprise: 8 },
  jobsQueuedMax: { free: 100, pro: 1_000, enterprise: null },
  /** Jobs of all owners that nobody has started, unless the setting says otherwise. */
  serviceJobsQueuedMax: 100_000,
  retryAfterFullSeconds: 5,
  /** What a handler may take to notice that it was told to stop, before its attempt ends without it. */
  jobAbortSeconds: 5,
  eventsPageMax: 500,
  waitSecondsMax: 60,

  jobLogLinesMax: 1_000,
  /** Of one line, message and data together. */
  jobLogLineBytesMax: 4_096,
  jobLogPageDefault: 100,
  jobLogPageMax: 500,

  /** How long jobs are kept after their end, unless the operator says otherwise; and the least that may be said. */
  retentionDays: 90,
  retentionDaysMin: 1,
  /** How long a session stays readable after its end, so that its tokens are refused with the reason. */
  endedSessionDays: 30,
  expiredTicketMinutes: 1,
  /** Rows removed in one transaction: their locks are held for a tenth of a second or two. */
  pruneBatchRows: 1_000,

  pageSizeDefault: 25,
  pageSizeMax: 100,

  socketMessageBytesMax: 4_096,
  socketBufferBytesMax: 1_048_576,
  socketHeartbeatSeconds: 20,
  /** Live connections of an owner to one process. */
  socketsPerOwnerMax: { free: 50, pro: 500, enterprise: 20_000 },

  idempotencyKeyCharactersMax: 255,
  idempotencyWaitSeconds: 5,
  /** How long a key is kept whose request deployed nothing. */
  idempotencyKeyHours: 24,
  nameCharactersMax: 100,
  /** Of a key that is kept elsewhere; the longest ARN has 2048. */
  keyIdCharactersMax: 2_048,
  reasonCharactersMax: 1_000,
  acknowledgementsMax: 100,

  passwordCharactersMin: 12,
  passwordCharactersMax: 256,
  accessTokenSeconds: 900,
  refreshTokenSeconds: 30 * 24 * 3600,
  apiKeysPerOwnerMax: 50,
  signersPerOwnerMax: 50,

  webhooksPerOwnerMax: 20,
  webhookUrlCharactersMax: 2_000,
  webhookEventsMax: 50,
  webhookPayloadBytesMax: 8_192,
  /** Of one attempt, everything included. */
  webhookTimeoutSeconds: 15,
  /** What is read and kept of a receiver's reply. */
  webhookReplyBytesMax: 1_024,
  /** How long a reply's body is waited for once its headers are there. */
  webhookReplyBodySeconds: 1,
  /** How long the addresses of a receiver's name are waited for. */
  webhookResolveSeconds: 5,
  /** An attempt that takes longer counts as one without an answer when the receiver's other deliveries are planned. */
  webhookSlowSeconds: 5,
  webhookAttemptsKeptMax: 20,
  /** How long a delivery is tried again. */
  webhookRetrySeconds: 86_400,
  /** Deliveries of an owner that have not ended; what happens beyond is written down as not sent. */
  webhookDeliveriesPendingMax: { free: 1_000, pro: 1_000, enterprise: 10_000 },
  /** How long the row of a deleted webhook stays at least: a transaction may be about to refer to it. */
  deletedWebhookMinutes: 60,

  /** Chains of one deployment plan. */
  planNetworksMax: 50,
  /** Replacements for one nonce that the platform makes by itself. */
  replacementsMax: 12,
  /** Requests to speed up or cancel one deployment that are answered. */
  replacementRequestsMax: 20,
  /** Of one import: contracts, and the record of the other tool. */
  importedDeploymentsMax: 2_000,
  importedRecordCharactersMax: 12_000_000,
  /** How long a deployment waits for whoever signs elsewhere. */
  signatureDays: 7,
  /** Signed bytes: creation code with its arguments, and what is around them. */
  signedBytesMax: 131_072,
  rpcTimeoutSeconds: 10,
  /** Nodes of one network, and the most that may be asked of each in a second. */
  rpcUrlsMax: 10,
  rpcRequestsPerSecondMax: 10_000,
  /** What an operator may set of networks by file. */
  networksFileBytesMax: 1_048_576,
  networksConfiguredMax: 500,
  confirmationsMax: 1_000,
  rpcReplyBytesMax: 16_777_216,
  /** Of one request to a verifier of source, everything included; and what is read and kept of its replies. */
  verifierTimeoutSeconds: 30,
  verifierReplyBytesMax: 16_777_216,
  verifierWordsCharactersMax: 500,
  /** How long a verifier is asked, and how long one that does not tell of failures may leave a submission open. */
  verifyPatienceSeconds: 172_800,
  verifySilenceSeconds: 3_600,
  /** What one Etherscan key may do on the free plan: submissions a day, requests a second. */
  etherscanSubmissionsPerDay: 200,
  etherscanRequestsPerSecond: 3,
  /** What is kept of the reason of a revert, which a contract can make megabytes long. */
  revertMessageCharactersMax: 1_000,
  revertBytesMax: 4_096,
  /** A process that is told to stop has to be gone after its grace time and this. */
  stopSeconds: 3,
  graceSeconds: 2,
} as const;
