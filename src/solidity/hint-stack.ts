import { gte, lt } from 'semver';
import type { StandardInput } from './types.ts';

/** From this release on, code made by way of Yul is fit for production (release notes of 0.8.13). */
const viaIrSince = '0.8.13';
/** From this release on, variables move to memory without the optimizer too (release notes of 0.8.21). */
const movesAlwaysSince = '0.8.21';

/**
 * What helps against "stack too deep" depends on how the code is made. The EVM reaches 16 places of its stack; by way of
 * Yul variables move to memory, unless assembly may use that memory for itself, or a function calls
 * itself.
 */
export function stackAdvice(options: {
  compiler: string;
  settings: StandardInput['settings'];
  message: string;
}): string {
  const { compiler, settings, message } = options;
  const fewer =
    'Use fewer local variables and parameters: put some into a struct or a block of their own, or split the function';
  const optimized = settings.optimizer.enabled || gte(compiler, movesAlwaysSince);
  if (!settings.viaIR) {
    if (lt(compiler, viaIrSince)) return `${fewer}.`;
    const optimizer = optimized ? '' : ' and the optimizer, which is off';
    return `Turn on settings.viaIR${optimizer}: variables then move to memory. Or: ${lowerFirst(fewer)}.`;
  }
  if (!optimized) {
    return `Turn the optimizer on: up to 0.8.20 it is what moves variables to memory. Or: ${lowerFirst(fewer)}.`;
  }
  if (/no memoryguard was present/i.test(message)) {
    return `Mark every assembly block as assembly ("memory-safe") if it is: unmarked ones keep variables out of memory. Or: ${lowerFirst(fewer)}.`;
  }
  return `${fewer}; those of a function that calls itself cannot move to memory.`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
