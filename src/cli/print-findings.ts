import pc from 'picocolors';
import type { Proof } from '../audit/proof/types.ts';
import type { Finding, ToolReport } from '../audit/types.ts';
import type { Io } from './command.ts';

const colours: Record<string, (text: string) => string> = {
  critical: pc.magenta,
  high: pc.red,
  medium: pc.yellow,
  low: pc.blue,
  info: pc.dim,
  gas: pc.dim,
};

/** What was tried, and step by step what worked. Nothing here says that something is safe. */
function printProof({ stdout }: Io, { status, summary, transactions, changes, seconds }: Proof): void {
  const say = (text: string) => stdout.write(`${text}\n`);
  const colour = status === 'proven' ? pc.red : pc.dim;
  say(`  ${colour(status === 'proven' ? 'proven' : 'not proven')} ${summary} (${seconds.toFixed(1)} s)`);
  for (const [index, each] of transactions.entries()) {
    const value = each.value === '0' ? '' : ` with ${each.value} wei`;
    const note = each.note ? pc.dim(` (${each.note})`) : '';
    const name = each.function.replace(/\(.*\)$/, '');
    say(
      `    ${index + 1}. ${each.caller}: ${each.contract}.${name}(${each.arguments.join(', ')})${value}${note}`,
    );
  }
  for (const { what, before, after } of changes) say(`    ${what}: ${before} → ${pc.bold(after)}`);
}

/** A finding as a reader needs it: where, what, why it matters, how to fix it, and the name that acknowledges it. */
export function printFinding(io: Io, finding: Finding): void {
  const { severity, detector, location, message, fix, fingerprint, path, suppressed } = finding;
  const { tool, corroboratedBy = [], counterexample, proof } = finding;
  const colour = colours[severity] ?? pc.dim;
  const say = (text: string) => io.stdout.write(`${text}\n`);
  say('');
  const by = tool === undefined ? '' : pc.dim(` (${tool})`);
  say(`${colour(severity)} ${pc.bold(detector)}${by} ${location.file}:${location.line}:${location.column}`);
  say(`  ${message}`);
  for (const line of location.excerpt.split('\n')) say(pc.dim(`  │ ${line}`));
  for (const step of path) if (step.note) say(`  → ${step.file}:${step.line} ${step.note}`);
  for (const { call, state } of counterexample?.trace ?? []) {
    say(pc.dim(`  ⊢ ${call}${state === undefined ? '' : `  ${state}`}`));
  }
  if (corroboratedBy.length > 0) say(pc.dim(`  also reported by ${corroboratedBy.join(', ')}`));
  say(`  ${pc.cyan('fix')} ${fix}`);
  if (proof) printProof(io, proof);
  if (suppressed) say(pc.dim(`  suppressed: ${suppressed.reason}`));
  say(pc.dim(`  fingerprint ${fingerprint}`));
}

/** What a tool did, and what it could not look at. */
export function printTool(io: Io, { tool, version, status, problems, proved = [] }: ToolReport): void {
  io.stdout.write(`\n${[tool, version].filter((one) => one !== '').join(' ')}: ${status}\n`);
  if (proved.length > 0) io.stdout.write(`  ${proved.length} properties proved\n`);
  for (const { file, line, contract, function: name, detector, message } of problems) {
    const inside = [contract, name].filter((one) => one !== undefined).join('.');
    const where = [file, line].filter((one) => one !== undefined).join(':');
    const said = [where, inside, detector].filter((one) => one).join(' ');
    io.stdout.write(`  ${said === '' ? '' : `${said}: `}${message}\n`);
  }
}
