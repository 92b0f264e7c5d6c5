import { classifySendError } from './classify-send-error.ts';
import type { Endpoints } from './endpoints.ts';
import type { RpcReply } from './rpc.ts';
import type { Hex, SendOutcome } from './types.ts';

/**
 * Hands signed bytes to one endpoint after another until one gives a clear answer. Once an endpoint may have taken
 * them, another one's refusal proves nothing and the outcome stays `unknown`. Sending the same bytes twice does no
 * harm: they have one nonce and one hash.
 *
 * @throws AppError `wrong-chain`
 */
export async function sendRaw(endpoints: Endpoints, raw: Hex): Promise<SendOutcome> {
  const unclear: string[] = [];
  for (const ask of endpoints.inOrder()) {
    const outcome = read(await ask('eth_sendRawTransaction', [raw]));
    if (outcome.kind === 'unknown') {
      unclear.push(outcome.message);
      continue;
    }
    const proves = ['accepted', 'already-known', 'nonce-too-low'].includes(outcome.kind);
    if (proves || unclear.length === 0) return outcome;
    unclear.push(outcome.message);
  }
  return { kind: 'unknown', message: unclear.join('; ') || 'no RPC URL is configured' };
}

function read(reply: RpcReply): SendOutcome {
  if (reply.kind === 'fault') return { kind: 'unknown', message: reply.reason };
  if (reply.kind === 'error') return { kind: classifySendError(reply.error), message: reply.error.message };
  // A hash is the only answer that means yes; anything else came from something that is no node.
  const accepted = typeof reply.result === 'string' && /^0x[0-9a-f]{64}$/i.test(reply.result);
  return accepted
    ? { kind: 'accepted', message: '' }
    : { kind: 'unknown', message: 'the reply is no transaction hash' };
}
