/** Every limit of the platform, in one place. Units come last in the names. */
export const limits = {
  /** A request's body, unless its route says otherwise. */
  bodyBytesMax: 1_048_576,
  /** A body that carries sources. */
  sourceBodyBytesMax: 8_388_608,
  sourcesBytesMax: 5_242_880,
  sourceFilesMax: 500,
  sourcePathCharactersMax: 240,
  /** Files reached by imports, bundled libraries included. */
  importedFilesMax: 2_000,
  promptCharactersMax: 8_000,
  constructorArgumentsMax: 64,
  constructorArgumentsBytesMax: 65_536,

  compileSeconds: 60,
  auditSeconds: 300,
  generateSeconds: 60,
  compilerMemoryBytesMax: 1_610_612_736,
  compilerOutputBytesMax: 67_108_864,
  diagnosticsMax: 200,
  findingsMax: 1_000,
  findingsPerDetectorMax: 100,
  excerptCharactersMax: 400,

  jobLeaseSeconds: 30,
  jobAttemptsMax: 3,
  jobLeaseLossesMax: 10,
  jobsInFlightPerProcess: 4,
  eventsPageMax: 500,
  waitSecondsMax: 60,

  pageSizeDefault: 25,
  pageSizeMax: 100,

  socketMessageBytesMax: 4_096,
  socketBufferBytesMax: 1_048_576,
  socketHeartbeatSeconds: 20,
  socketsPerOwnerMax: 50,

  idempotencyKeyCharactersMax: 255,
  idempotencyWaitSeconds: 5,
  nameCharactersMax: 100,
  reasonCharactersMax: 1_000,
  acknowledgementsMax: 100,

  passwordCharactersMin: 12,
  passwordCharactersMax: 256,
  accessTokenSeconds: 900,
  refreshTokenSeconds: 30 * 24 * 3600,
  apiKeysPerOwnerMax: 50,
  signersPerOwnerMax: 50,

  rpcTimeoutSeconds: 10,
  rpcReplyBytesMax: 16_777_216,
  /** What is kept of the reason of a revert, which a contract can make megabytes long. */
  revertMessageCharactersMax: 1_000,
  revertBytesMax: 4_096,
  stopSeconds: 5,
} as const;
