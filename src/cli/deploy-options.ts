import type { Command } from 'commander';
import { fail } from './errors.ts';
import { parseJsonOption } from './options.ts';

/** What lets findings pass, and the explicit yes. */
export interface ConsentOptions {
  acknowledge?: string[];
  reason?: string;
  confirm?: boolean;
}

/** What is paid for a transaction, and how long it is watched. */
export interface PaymentOptions {
  value?: string;
  maxFee?: string;
  fee?: 'slow' | 'standard' | 'fast';
  confirmations?: string;
  dryRun?: boolean;
}

/** What `deploy` and `ship` let the user say of a deployment and of its gate. */
export interface DeployOptions extends ConsentOptions, PaymentOptions {
  network?: string;
  signer?: string;
  args?: string;
  salt?: string;
  commit?: string;
  policy?: 'local' | 'testnet' | 'mainnet';
}

/** Adds these options to a command. */
export function withDeployment(command: Command): Command {
  command
    .option('--network <name>', 'where to deploy; see `slipway doctor` for those configured')
    .option('--signer <name>', 'id or name; the development signer on local chains')
    .option('--args <json>', "constructor arguments: '[…]' in order, or '{…}' by name")
    .option('--commit <hash>', 'the revision of the sources, for the record')
    .option('--salt <hex>', '32 bytes: deploy by CREATE2, to an address that follows from the code')
    .option('--policy <name>', 'ask for a stricter policy: testnet or mainnet');
  return withConsent(withPayment(command));
}

/** Adds the options of what is paid. */
export function withPayment(command: Command): Command {
  return command
    .option('--value <wei>', 'wei to send along, a decimal number')
    .option('--fee <policy>', 'slow, standard or fast')
    .option('--max-fee <wei>', 'cap for the fee per gas, in wei')
    .option('--confirmations <blocks>', "blocks to wait for; the network's own number")
    .option('--dry-run', 'simulate and estimate, sign and spend nothing');
}

/** What is paid, as the API wants it. */
export function readPayment({ value, maxFee, fee, confirmations, dryRun }: PaymentOptions) {
  return {
    ...(value ? { value } : {}),
    ...(maxFee ? { feeCaps: { maxFeePerGas: maxFee } } : {}),
    ...(fee ? { feePolicy: fee } : {}),
    ...(confirmations ? { confirmations: Number(confirmations) } : {}),
    ...(dryRun ? { dryRun: true } : {}),
  };
}

/** Adds the options that let findings pass. */
export function withConsent(command: Command): Command {
  return command
    .option('--acknowledge <fingerprint...>', 'let these findings pass, for this deployment only')
    .option('--reason <text>', 'why they may pass; kept in the audit log')
    .option('--confirm', 'the explicit yes that a mainnet needs');
}

/** The options as the API wants them: where to deploy, and what the gate is asked. */
export function readDeployOptions(options: DeployOptions) {
  const deploy = options.network
    ? {
        network: options.network,
        ...(options.signer ? { signer: options.signer } : {}),
        ...(options.args ? { constructorArgs: readArguments('--args', options.args) } : {}),
        ...(options.salt ? { salt: options.salt } : {}),
        ...(options.commit ? { commit: options.commit } : {}),
        ...readPayment(options),
      }
    : undefined;
  return {
    deploy,
    gate: {
      ...(options.policy ? { policy: options.policy } : {}),
      ...readConsent(options),
    },
  };
}

/** The options that let findings pass, as the API wants them. */
export function readConsent({ acknowledge = [], reason, confirm = false }: ConsentOptions) {
  if (acknowledge.length > 0 && !reason) throw fail('reason-needed');
  return {
    acknowledgements: acknowledge.map((fingerprint) => ({ fingerprint, reason: reason ?? '' })),
    confirm,
  };
}

/** Arguments of a constructor or function. */
export function readArguments(option: string, text: string): unknown[] | Record<string, unknown> {
  const example = `'["0xabc…", 1000]'`;
  const value = parseJsonOption(option, text, example);
  if (typeof value === 'object' && value !== null) return value as unknown[] | Record<string, unknown>;
  throw fail('option-not-json', { option, reason: 'neither a list nor an object', example });
}
