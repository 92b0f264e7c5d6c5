import { bundledVersions } from './bundled-compilers.ts';
import { hintsByCode } from './hint-codes.ts';
import { evmVersionAdvice, neededForkAdvice } from './hint-evm.ts';
import { memberAdvice } from './hint-members.ts';
import { codeOfMessage } from './hint-messages.ts';
import { nameAdvisor } from './hint-names.ts';
import { stackAdvice } from './hint-stack.ts';
import { conversionAdvice, operatorAdvice } from './hint-types.ts';
import { unreadableAdvice, wordAdvice } from './hint-words.ts';
import type { PreparedCompile } from './types.ts';

/** What the compiler complains about, as far as a hint depends on it. */
export interface Problem {
  code?: string;
  type: string;
  message: string;
  file: string | undefined;
  /** The source text that is marked. */
  text: string;
}

/**
 * What a complaint means and how to mend it: advice that knows the types, names and settings where there is any, else
 * what its code always means.
 *
 * @returns a function that gives the hint; nothing where none is right for sure
 */
export function hintReader(compiled: Pick<PreparedCompile, 'compiler' | 'input'>) {
  const { compiler, input } = compiled;
  const names = nameAdvisor(compiled);

  return (problem: Problem): string | undefined => {
    const code = problem.code ?? codeOfMessage(problem.message);
    return (
      withoutCode(problem) ?? neededForkAdvice(code, problem.message) ?? (code && withCode(code, problem))
    );
  };

  function withCode(code: string, problem: Problem): string | undefined {
    const advise = Object.hasOwn(advisers, code) ? advisers[code] : undefined;
    return (
      advise?.(problem, { compiler, names }) ??
      (Object.hasOwn(hintsByCode, code) ? hintsByCode[code] : undefined)
    );
  }

  /** What is wrong with the compiler, its settings or the code it would make has no code in any version. */
  function withoutCode({ type, message }: Problem): string | undefined {
    if (/stack too deep|too deep in(side)? the stack/i.test(message)) {
      return stackAdvice({ compiler, settings: input.settings, message });
    }
    if (/^Invalid EVM version/i.test(message)) return evmVersionAdvice(compiler, input.settings.evmVersion);
    if (type === 'UnimplementedFeatureError' && /only available using the via-ir pipeline/.test(message)) {
      return 'Turn on settings.viaIR, or write if (…) revert MyError(…);';
    }
    if (type === 'InternalCompilerError') {
      const newest = bundledVersions()[0];
      const other = newest === compiler ? 'Another version' : `Another version, such as ${newest},`;
      return `This is a fault of the compiler itself. ${other} may not have it.`;
    }
    return undefined;
  }
}

interface Known {
  compiler: string;
  names: ReturnType<typeof nameAdvisor>;
}
type Adviser = (problem: Problem, known: Known) => string | undefined;

const convert: Adviser = ({ message, text }, { compiler }) => conversionAdvice(message, { text, compiler });
const operate: Adviser = ({ message }, { compiler }) => operatorAdvice(message, compiler);
const name: Adviser = ({ message, text, file }, { names }) =>
  // The compiler's own suggestion knows what can be seen from there.
  /Did you mean/.test(message) ? undefined : (wordAdvice({ message, text }) ?? names.advise(text, file));

/** Codes whose advice depends on more than the code. */
const advisers: Readonly<Record<string, Adviser>> = {
  '2314': wordAdvice,
  '6933': wordAdvice,
  '9182': wordAdvice,
  '8936': unreadableAdvice,
  '7576': (problem, known) => undeclared(problem) ?? name(problem, known),
  '7920': name,
  '9589': name,
  '7407': convert,
  '9574': convert,
  '9553': convert,
  '9640': convert,
  '6359': convert,
  '2326': convert,
  '2271': operate,
  '7366': operate,
  '4907': ({ message }) =>
    /operator - /.test(message)
      ? 'Convert it to a signed type first, such as int256(x); unsigned ones have no negative numbers.'
      : /operator ! /.test(message)
        ? 'Write a comparison, such as x == 0.'
        : undefined,
  '6651': location,
  '9429': ({ message }) => {
    const right = /0x[0-9a-fA-F]{40}/.exec(message)?.[0];
    return right && `Write ${right}: the capitals of an address are its checksum (EIP-55).`;
  },
  '9582': ({ message, file }, { names }) => {
    const member = /^Member "([^"]+)"/.exec(message)?.[1] ?? '';
    return memberAdvice(message, names.look(member, file));
  },
};

function undeclared({ message, text }: Problem): string | undefined {
  if (text === '_') return '_; stands in modifiers only, for the body of the function.';
  if (!/is not \(or not yet\) visible/.test(message)) return undefined;
  return `A variable is known only behind its declaration, and an external function only as this.${text}(…): make that public to call it directly.`;
}

function location({ message }: Problem): string {
  if (/can only be specified for/.test(message))
    return 'Remove it: only arrays, structs, mappings, strings and bytes have a data location.';
  if (/"storage" was given/.test(message))
    return 'Callers from outside cannot pass storage: write memory or calldata, or make the function internal.';
  if (/for (return )?parameter/.test(message))
    return 'Write memory behind the type, or calldata where the value is only read.';
  return 'Write memory behind the type for a copy, or storage for a reference to a state variable.';
}
