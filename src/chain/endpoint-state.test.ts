import { describe, expect, test } from 'vitest';
import { makeEndpointState } from './endpoint-state.ts';

/** A clock that moves when somebody sleeps, and when it is told to. */
function world(requestsPerSecond?: number) {
  let now = 1_000;
  const slept: number[] = [];
  const state = makeEndpointState({
    requestsPerSecond,
    now: () => now,
    random: () => 0.5,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  });
  return { state, slept, pass: (ms: number) => (now += ms) };
}

describe('rest', () => {
  test('grows with faults one after another, up to a minute, and ends with an answer', () => {
    const { state } = world();
    expect(state.restMs()).toBe(0);
    const rests = Array.from({ length: 10 }, () => {
      state.failed();
      return state.restMs();
    });
    expect(rests).toEqual([375, 750, 1_500, 3_000, 6_000, 12_000, 24_000, 45_000, 45_000, 45_000]);
    state.answered();
    expect(state.restMs()).toBe(0);
    state.failed();
    expect(state.restMs()).toBe(375);
  });

  test('is as long as the endpoint asks for, within a minute', () => {
    const { state, pass } = world();
    state.failed(7);
    expect(state.restMs()).toBe(7_000);
    pass(6_999);
    expect(state.restMs()).toBe(1);
    pass(1);
    expect(state.restMs()).toBe(0);
    state.failed(86_400);
    expect(state.restMs()).toBe(60_000);
  });
});

describe('rate', () => {
  test("lets a second's requests through at once, and the others one by one", async () => {
    const { state, slept } = world(4);
    for (let call = 0; call < 4; call += 1) expect(await state.turn(1_000)).toBe(true);
    expect(slept).toEqual([]);
    for (let call = 0; call < 3; call += 1) expect(await state.turn(1_000)).toBe(true);
    expect(slept).toEqual([250, 250, 250]);
  });

  test('refuses a turn that would come too late, and does not take it', async () => {
    const { state, slept, pass } = world(1);
    expect(await state.turn(0)).toBe(true);
    expect(await state.turn(999)).toBe(false);
    expect(await state.turn(999)).toBe(false);
    pass(1_000);
    expect(await state.turn(0)).toBe(true);
    expect(slept).toEqual([]);
  });

  test('holds for less than one a second', async () => {
    const { state, slept } = world(0.5);
    expect(await state.turn(5_000)).toBe(true);
    expect(await state.turn(5_000)).toBe(true);
    expect(slept).toEqual([1_000, 2_000]);
  });

  test('is none where none is set', async () => {
    const { state, slept } = world();
    for (let call = 0; call < 1_000; call += 1) expect(await state.turn(0)).toBe(true);
    expect(slept).toEqual([]);
  });
});
