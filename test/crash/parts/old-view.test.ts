import { expect, test } from 'vitest';
import { oldView } from './old-view.ts';

const view = oldView(5);

test.each([
  ['eth_getBalance', ['0xa', 'latest'], ['0xa', '0x5']],
  ['eth_getTransactionCount', ['0xa', 'pending'], ['0xa', '0x5']],
  ['eth_feeHistory', ['0x4', 'latest', [50]], ['0x4', '0x5', [50]]],
  ['eth_getCode', ['0xa', '0x3'], ['0xa', '0x3']],
  ['eth_getBlockByNumber', ['latest', false], ['0x5', false]],
  ['eth_getBlockByNumber', ['0x9', false], ['0x9', false]],
  ['eth_sendRawTransaction', ['0xffff'], ['0xffff']],
  ['eth_getTransactionReceipt', ['0xffff'], ['0xffff']],
])('%s %j is asked as %j', (method, params, asked) => {
  expect(view.ask({ method, params })).toEqual({ method, params: asked });
});

test('what is asked of a later block cannot be answered', () => {
  expect(view.ask({ method: 'eth_getCode', params: ['0xa', '0x6'] })).toBeNull();
});

test.each([
  ['eth_blockNumber', [], '0x9', '0x5'],
  ['eth_getBlockByNumber', ['0x9', false], { number: '0x9' }, null],
  ['eth_getBlockByNumber', ['0x4', false], { number: '0x4' }, { number: '0x4' }],
  ['eth_getTransactionReceipt', ['0xff'], { blockNumber: '0x6' }, null],
  ['eth_getTransactionReceipt', ['0xff'], { blockNumber: '0x5' }, { blockNumber: '0x5' }],
  ['eth_getTransactionReceipt', ['0xff'], null, null],
  ['eth_getCode', ['0xa', '0x5'], '0x60', '0x60'],
])('%s %j with %j is answered with %j', (method, params, result, answer) => {
  expect(view.answer({ method, params }, result)).toEqual(answer);
});
