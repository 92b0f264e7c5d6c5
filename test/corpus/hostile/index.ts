import { assembly } from './assembly.ts';
import type { HostileCase } from './case.ts';
import { compilerFault } from './compiler-fault.ts';
import { deepNesting } from './deep-nesting.ts';
import { denseImports } from './dense-imports.ts';
import { doublingStructs } from './doubling-structs.ts';
import { importCycles } from './import-cycles.ts';
import { badImports } from './imports.ts';
import { inheritance } from './inheritance.ts';
import { jsonForms } from './json-forms.ts';
import { largeSource } from './large-source.ts';
import { longExpressions } from './long-expressions.ts';
import { longWords } from './long-words.ts';
import { manyContracts } from './many-contracts.ts';
import { manyFaults } from './many-faults.ts';
import { manyFiles } from './many-files.ts';
import { manyMarks } from './many-marks.ts';
import { missingLink } from './missing-link.ts';
import { natspec } from './natspec.ts';
import { nearMisses } from './near-misses.ts';
import { nothingInside } from './nothing-inside.ts';
import { badPaths } from './paths.ts';
import { pragmas } from './pragmas.ts';
import { propertyNames } from './property-names.ts';
import { remappings } from './remappings.ts';
import { slowContracts } from './slow-contracts.ts';
import { slowOptimizer } from './slow-optimizer.ts';
import { smtChecker } from './smt-checker.ts';
import { textEncoding } from './text-encoding.ts';
import { tooDeepEverywhere } from './too-deep-everywhere.ts';
import { unknownContract } from './unknown-contract.ts';

/** Every hostile case; `test/flows/hostile-sources.test.ts` and `npm run bench -- hostile` run them all. */
export const hostileCases: readonly HostileCase[] = [
  assembly,
  compilerFault,
  deepNesting,
  denseImports,
  doublingStructs,
  importCycles,
  badImports,
  inheritance,
  jsonForms,
  largeSource,
  longExpressions,
  longWords,
  manyContracts,
  manyFaults,
  manyFiles,
  manyMarks,
  missingLink,
  natspec,
  nearMisses,
  nothingInside,
  badPaths,
  pragmas,
  propertyNames,
  remappings,
  slowContracts,
  slowOptimizer,
  smtChecker,
  textEncoding,
  tooDeepEverywhere,
  unknownContract,
];
