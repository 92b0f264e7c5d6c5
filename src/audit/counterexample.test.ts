import { expect, test } from 'vitest';
import { readVerdict } from './counterexample.ts';

test('a refuted property comes with its values and transactions', () => {
  const message = `CHC: Assertion violation happens here.
Counterexample:
total = 60, list = [1, 2], name = "a, b = c", point = {x: 1, y: 2}
a = 11
 = 0

Transaction trace:
Pot.constructor()
State: total = 0, list = []
Pot.add(49){ msg.value: 3 }
    Pot.inner(1) -- internal call
State: total = 49, list = []
Pot.lie()`;
  expect(readVerdict(message)).toEqual({
    property: 'Assertion violation',
    outcome: 'refuted',
    counterexample: {
      values: { total: '60', list: '[1, 2]', name: '"a, b = c"', point: '{x: 1, y: 2}', a: '11' },
      trace: [
        { call: 'Pot.constructor()', state: 'total = 0, list = []' },
        { call: 'Pot.add(49){ msg.value: 3 }' },
        { call: '    Pot.inner(1) -- internal call', state: 'total = 49, list = []' },
        { call: 'Pot.lie()' },
      ],
    },
  });
});

test('one without values, one that is open, one that is proved, and what is none of these', () => {
  const overflow = 'Overflow (resulting value larger than 255)';
  expect(readVerdict(`CHC: ${overflow} happens here.`)).toEqual({ property: overflow, outcome: 'refuted' });
  expect(readVerdict(`CHC: ${overflow} might happen here.`)).toEqual({ property: overflow, outcome: 'open' });
  expect(readVerdict(`CHC: ${overflow} check is safe!`)).toEqual({ property: overflow, outcome: 'proved' });
  expect(readVerdict('CHC: 3 verification condition(s) could not be proved.')).toBeNull();
  expect(readVerdict('Unused local variable.')).toBeNull();
});
