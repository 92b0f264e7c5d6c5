import { catalogue } from '../lib/app-error.ts';

/** Everything that can be wrong with a request to compile, or go wrong around the compiler. */
export const fail = catalogue({
  'sources-empty': {
    status: 422,
    title: 'No sources',
    message: 'There is no source file to compile.',
    hint: 'Give at least one file: {"sources": {"Token.sol": "// SPDX…"}}.',
  },
  'sources-too-many': {
    status: 413,
    title: 'Too many source files',
    message: '{count} source files were given; at most {max} are taken.',
    hint: 'Send only the files that the contract needs; bundled libraries need not be sent.',
  },
  'sources-too-large': {
    status: 413,
    title: 'Sources too large',
    message: 'The sources have {bytes} bytes together; at most {max} are taken.',
    hint: 'Send only the files that the contract needs; bundled libraries need not be sent.',
  },
  'source-path-invalid': {
    status: 422,
    title: 'Bad source path',
    message: 'The source path {path} cannot be used: {reason}.',
    hint: 'Use a relative path with forward slashes that stays inside the sources, such as contracts/Token.sol.',
  },
  'source-paths-clash': {
    status: 422,
    title: 'Two source paths are the same on some systems',
    message: '{first} and {second} differ only in {difference}: on some systems they are one file.',
    hint: 'Rename one of the two.',
  },
  'source-not-text': {
    status: 422,
    title: 'Source is not valid text',
    message: '{path} is not valid Unicode text.',
    hint: 'Save the file as UTF-8 and send it again.',
  },
  'entry-not-found': {
    status: 422,
    title: 'Entry file not found',
    message: 'The entry file {entry} is not among the sources.{suggestion}',
    hint: 'The sources are: {files}.',
  },
  'import-invalid': {
    status: 422,
    title: 'Import not allowed',
    message: '{file}:{line}: the import "{path}" is refused: {reason}.',
    hint: '{advice}',
  },
  'import-not-found': {
    status: 422,
    title: 'Import not found',
    message: '{file}:{line}: the import "{path}" was not found.{suggestion}',
    hint: '{advice}',
  },
  'imports-too-many': {
    status: 413,
    title: 'Too many imports',
    message: 'The imports reach more than {max} files.',
    hint: 'Import single files, not a file that imports a whole library.',
  },
  'library-version-not-bundled': {
    status: 422,
    title: 'Library version not bundled',
    message: '{file}:{line}: {library} {wanted} is not bundled; bundled are {versions}.',
    hint: 'Write the import as {library}/… to have the version chosen, or pin a bundled one: {library}@{newest}/….',
  },
  'library-versions-disagree': {
    status: 422,
    title: 'Versions of two libraries disagree',
    message:
      '{file} needs {library} {needed}, but {version} was taken for the imports without a version: {reason}.',
    hint: 'Pin both to one version, or neither.',
  },
  'pragma-invalid': {
    status: 422,
    title: 'Pragma not understood',
    message: '{file}:{line}: "pragma solidity {pragma}" is no version range.',
    hint: 'Write a range such as "pragma solidity ^0.8.20;".',
  },
  'pragmas-too-many': {
    status: 413,
    title: 'Too many pragmas',
    message: 'The sources have more than {max} different version ranges in their pragmas.',
    hint: 'One "pragma solidity" line a file is enough.',
  },
  'pragma-unsatisfied': {
    status: 422,
    title: 'No compiler for this pragma',
    message:
      '{file}:{line}: no bundled compiler satisfies "pragma solidity {pragma}". Bundled are {versions}.',
    hint: '{advice}',
  },
  'pragma-conflict': {
    status: 422,
    title: 'Pragmas contradict each other',
    message:
      'No bundled compiler satisfies both "pragma solidity {first}" ({firstFile}:{firstLine}) and "pragma solidity {second}" ({secondFile}:{secondLine}). Bundled are {versions}.',
    hint: 'Loosen one of the two pragmas, or import a version of the library that fits the compiler.',
  },
  'pragma-excludes-compiler': {
    status: 422,
    title: 'Compiler does not fit the pragma',
    message: '{file}:{line}: "pragma solidity {pragma}" does not allow the compiler asked for ({wanted}).',
    hint: 'Leave the compiler out to have it chosen, or change the pragma. Bundled are {versions}.',
  },
  'compiler-not-bundled': {
    status: 422,
    title: 'Compiler not bundled',
    message: 'There is no bundled compiler for "{wanted}". Bundled are {versions}.',
    hint: 'Name one of the bundled versions, a range such as ^0.8.0, or leave the compiler out.',
  },
  'compiler-download-failed': {
    status: 503,
    title: 'Compiler could not be downloaded',
    message: 'Compiler {version} is on the official list and could not be fetched: {detail}.',
    hint: 'Try again later, or loosen the pragma so that a bundled compiler fits.',
    retryable: true,
  },
  'native-compilers-unreadable': {
    status: 503,
    title: 'Folder of native compilers cannot be read',
    message: 'The folder of native compilers {folder} cannot be read: {detail}.',
    hint: 'Correct SLIPWAY_SOLC_DIR, or leave it out to use the bundled compilers.',
  },
  'remapping-invalid': {
    status: 422,
    title: 'Bad remapping',
    message: 'The remapping "{remapping}" is not of the form [context:]prefix=target.',
    hint: 'Write it as @oz/=@openzeppelin/contracts/.',
  },
  'contract-not-found': {
    status: 422,
    title: 'Contract not found',
    message: 'There is no contract {contract} in the sources.{suggestion}',
    hint: 'The contracts are: {candidates}.',
  },
  'contract-ambiguous': {
    status: 422,
    title: 'Contract name is ambiguous',
    message: 'Several files declare a contract {contract}: {candidates}.',
    hint: 'Name it with its file, as File.sol:Contract.',
  },
  'smt-checker-refused': {
    status: 422,
    title: 'SMTChecker is not run',
    message: '{file} asks for the SMTChecker, which compiler {compiler} cannot be told to leave out.',
    hint: 'Remove "pragma experimental SMTChecker", or compile with 0.7.6, or 0.8.7 and later.',
  },
  'compiler-timeout': {
    status: 422,
    title: 'Compile took too long',
    message: 'The compile was stopped after {seconds} seconds.',
    hint: 'Compile fewer contracts at once (name the one wanted), or turn viaIR off.',
  },
  'compiler-memory': {
    status: 422,
    title: 'Compile needed too much memory',
    message: 'The compile was stopped when it needed more than {megabytes} MB.',
    hint: 'Compile fewer contracts at once (name the one wanted), or make the source smaller.',
  },
  'compiler-output-too-large': {
    status: 422,
    title: 'Compile result too large',
    message: 'The compile gave more than {megabytes} MB of output.',
    hint: 'Compile fewer contracts at once: name the one wanted.',
  },
  'parts-timeout': {
    status: 422,
    title: 'No time was left for this part',
    message:
      'The parts of the sources were compiled one by one, and {seconds} seconds did not suffice for all.',
    hint: 'Correct what the compiler says of the sources as a whole, or audit fewer files at once.',
  },
  'compiler-crashed': {
    status: 500,
    title: 'Compiler crashed',
    message: 'The compiler stopped without an answer: {detail}',
    hint: 'This input crashes the compiler itself. Try another compiler version, or split very deep expressions.',
  },
  'compiler-unavailable': {
    status: 503,
    title: 'Compiler not running',
    message: 'The compiler process could not be started: {detail}',
    hint: 'Look at the health page; run `slipway doctor`, and reinstall with `npm ci` when files are missing.',
    retryable: true,
  },
  'storage-layout-missing': {
    status: 422,
    title: 'Storage is not described',
    message:
      'Compiler {compiler} does not say how {contract} is laid out in storage, so no upgrade of it can be checked',
    hint: 'Compile with Solidity 0.5.13 or newer.',
  },
  'stored-input-invalid': {
    status: 422,
    title: 'Stored input is not whole',
    message: 'The stored compiler input cannot be compiled again: {reason}.',
    hint: 'It was changed after it was stored; compile the sources anew.',
  },
  'download-name-taken': {
    status: 422,
    title: 'A source has the name of a file of the project',
    message: 'The source {source} has the name of {file}, which a {layout} project is configured by.',
    hint: 'Rename the source, or ask for the other layout. The compiler input of the build can be had as it is.',
  },
  'function-unknown': {
    status: 422,
    title: 'No such function',
    message: 'The contract has no function {name}.{suggestion}',
    hint: 'It has: {functions}.',
  },
  'function-ambiguous': {
    status: 422,
    title: 'Function name is ambiguous',
    message: 'The contract has several functions {name}.',
    hint: 'Name one by its signature: {signatures}.',
  },
  'function-arguments-invalid': {
    status: 422,
    title: 'Arguments do not fit',
    message: 'The function is {signature}; the arguments given do not fit it in {problems} places.',
    hint: '{advice}',
  },
  'constructor-arguments-invalid': {
    status: 422,
    title: 'Constructor arguments do not fit',
    message: 'The constructor is {signature}; the arguments given do not fit it in {problems} places.',
    hint: '{advice}',
  },
});
