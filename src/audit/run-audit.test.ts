import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCompiler } from '../solidity/start-compiler.ts';
import type { Compiler } from '../solidity/types.ts';
import { txOrigin } from './detectors/tx-origin.ts';
import { descendants } from './ir/ast.ts';
import { runAudit } from './run-audit.ts';
import { auditOf, unitOf } from './test-support.ts';

let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler();
});
afterAll(() => compiler.close());

const clock = { now: () => 0 };
const vault = () => readFileSync(new URL('../../examples/Vault.sol', import.meta.url), 'utf8');

describe('the example vault', () => {
  test('has one high finding, with the way that leads to it', async () => {
    const report = await auditOf(compiler, { 'Vault.sol': vault() });
    expect(report.overall).toBe('high');
    expect(report.counts).toEqual({ critical: 0, high: 1, medium: 0, low: 0, info: 0, gas: 0 });
    expect(report.tools[0]).toMatchObject({ tool: 'slipway', status: 'findings', problems: [] });
    const [finding] = report.findings;
    expect(finding?.message).toMatchInlineSnapshot(
      `"withdraw hands control to \`msg.sender\` before \`balanceOf\` is updated at line 66, so it can be entered again with the old value."`,
    );
    expect(finding?.fix).toMatchInlineSnapshot(
      `"Move the update of \`balanceOf\` (line 66) before this call, or put nonReentrant on withdraw and on every other function that uses \`balanceOf\`."`,
    );
    expect(finding?.path.map((step) => `${step.line}: ${step.note}`)).toEqual([
      '57: anyone may call withdraw',
      '63: control goes to `msg.sender` with ether',
      '66: `balanceOf` is updated only now',
    ]);
    expect(finding).toMatchObject({ contract: 'Vault', function: 'withdraw()', detector: 'reentrancy' });
  });

  test('has none once the balance is settled before the call', async () => {
    const call = /\n {8}\(bool paid, \) = msg\.sender[^\n]*\n[^\n]*\n/.exec(vault())?.[0] ?? '';
    const settled = vault()
      .replace(call, '')
      .replace('collectedFees += fee;\n', `collectedFees += fee;\n${call}`);
    const report = await auditOf(compiler, { 'Vault.sol': settled });
    expect(report).toMatchObject({ findings: [], overall: null, tools: [{ status: 'passed' }] });
  });
});

describe('fingerprints', () => {
  const fingerprints = async (source: string) => {
    const report = await auditOf(compiler, { 'Vault.sol': source });
    return report.findings.map((finding) => finding.fingerprint);
  };

  test('survive moved lines, comments, spaces and edits elsewhere', async () => {
    const before = await fingerprints(vault());
    const edited = vault()
      .replace('contract Vault {', '// Moved down.\n\ncontract Vault {\n    uint256 public unrelated;\n')
      .replace(
        'msg.sender.call{value: amount}("")',
        'msg.sender.call{ value : amount /* all of it */ }(\n""\n)',
      );
    expect(before).toHaveLength(1);
    expect(await fingerprints(edited)).toEqual(before);
  });

  test('tell equal places in one function apart, and change with the code', async () => {
    const source = (amount: string) => `pragma solidity ^0.8.0;
contract A {
    address payable to = payable(msg.sender);
    function pay() external {
        to.send(${amount});
        to.send(${amount});
    }
}`;
    const two = await fingerprints(source('1'));
    expect(new Set(two).size).toBe(2);
    expect(await fingerprints(source('1'))).toEqual(two);
    expect((await fingerprints(source('2'))).some((item) => two.includes(item))).toBe(false);
  });
});

describe('comments that disable a finding', () => {
  const source = (comment: string) => `pragma solidity ^0.8.0;
contract A {
    address payable to = payable(msg.sender);
    function pay() external {
        ${comment}
        to.send(1);
    }
}`;

  test('need a reason, which the report keeps', async () => {
    const report = await auditOf(compiler, {
      'A.sol': source('// slipway-disable-next-line unchecked-send -- a gift, it may get lost'),
    });
    expect(report.findings[0]?.suppressed).toEqual({ reason: 'a gift, it may get lost', line: 5 });
    expect(report).toMatchObject({
      overall: null,
      counts: { medium: 0 },
      tools: [{ status: 'passed', problems: [] }],
    });
  });

  test('do nothing without a reason or with an unknown name, and the report says so', async () => {
    const bare = await auditOf(compiler, { 'A.sol': source('// slipway-disable-next-line unchecked-send') });
    expect(bare).toMatchObject({ overall: 'medium', tools: [{ status: 'findings' }] });
    expect(bare.tools[0]?.problems).toEqual([
      {
        file: 'A.sol',
        message: 'slipway-disable-next-line at line 5 has no reason (write "-- reason"); it disables nothing',
      },
    ]);
    const wrong = await auditOf(compiler, {
      'A.sol': source('// slipway-disable-next-line unchecked-sand -- typo'),
    });
    expect(wrong.overall).toBe('medium');
    expect(wrong.tools[0]?.problems[0]?.message).toContain('names "unchecked-sand", which is no detector');
  });
});

describe('what fails', () => {
  test('a detector that throws is named, the others stand, and the audit is partial', async () => {
    const unit = await unitOf(compiler, { 'Vault.sol': vault() });
    const broken = {
      ...txOrigin,
      run: () => {
        throw new Error('out of order');
      },
    };
    const { detectors } = await import('./detectors/index.ts');
    const list = [broken, ...detectors.filter((detector) => detector.id !== 'tx-origin')];
    const report = runAudit(unit, { ...clock, detectors: list });
    expect(report.tools[0]).toMatchObject({
      status: 'partial',
      problems: [{ detector: 'tx-origin', message: 'out of order' }],
    });
    expect(report.tools[0]?.detectors).not.toContain('tx-origin');
    expect(report.overall).toBe('high');
  });

  test('a file without a syntax tree makes it partial, no tree at all makes it failed', async () => {
    const unit = await unitOf(compiler, { 'Vault.sol': vault() });
    const more = runAudit({ ...unit, ownFiles: ['Vault.sol', 'Lost.sol'] }, clock);
    expect(more.tools[0]).toMatchObject({ status: 'partial', problems: [{ file: 'Lost.sol' }] });
    expect(runAudit({ ...unit, asts: {} }, clock).tools[0]?.status).toBe('failed');
    expect(runAudit({ ...unit, ownFiles: [] }, clock).tools[0]?.status).toBe('failed');
  });
});

describe('hostile sources', () => {
  // The compiler takes minutes over such an expression, so its tree is made deep by hand.
  test('an expression thousands of operands deep is no pass, and the process lives', async () => {
    const source =
      'pragma solidity ^0.8.0; contract D { uint x; function f(uint a) external { x = a + a; } }';
    const unit = await unitOf(compiler, { 'D.sol': source });
    for (const root of Object.values(unit.asts)) {
      const [assignment] = descendants(root, 'Assignment');
      let sum = descendants(root, 'BinaryOperation')[0];
      for (let at = 0; at < 5_000 && sum; at++) sum = { ...sum, id: 1_000_000 + at, leftExpression: sum };
      if (assignment) assignment['rightHandSide'] = sum;
    }
    const report = runAudit(unit, clock);
    // How much of it can be read depends on the stack; what counts is that it is no pass.
    expect(['failed', 'partial']).toContain(report.tools[0]?.status);
    expect(report.tools[0]?.problems[0]?.message).toMatch(/call stack/);
  });

  test('calls in both branches of every function do not multiply without bound', async () => {
    const functions = Array.from({ length: 24 }, (_, at) => {
      return `function f${at}(uint a) internal { x += a; if (a > ${at}) f${at + 1}(a); else f${at + 1}(a + 1); }`;
    });
    const source = `pragma solidity ^0.8.0;
contract W { uint x; ${functions.join('\n')} function f24(uint a) internal { x = a; } function go() external { f0(1); } }`;
    const report = await auditOf(compiler, { 'W.sol': source });
    expect(report.tools[0]).toMatchObject({ status: 'passed', problems: [] });
  });
});

describe('places', () => {
  test('count characters, not bytes, and stand in the audited files only', async () => {
    const report = await auditOf(compiler, {
      'A.sol': `pragma solidity ^0.8.0;
import "./B.sol";
contract A is B {
    /* ÄÖ€😀 */ function pay() external { to.send(1); }
}`,
      'B.sol': `pragma solidity ^0.8.0;
contract B {
    address payable to = payable(msg.sender);
    function other() external { to.send(1); }
}`,
    });
    const [first] = report.findings;
    expect(first?.location).toMatchObject({
      file: 'A.sol',
      line: 4,
      column: 43,
      endColumn: 53,
      excerpt: 'to.send(1)',
    });
    expect(report.findings.map((finding) => finding.location.file)).toEqual(['A.sol', 'B.sol']);
  });
});

describe('paths through modifiers, bases and internal calls', () => {
  test('a guard in a base counts, and one that anybody can take does not', async () => {
    const source = (setOwner: string) => `pragma solidity ^0.8.0;
abstract contract Owned {
    address internal owner = msg.sender;
    modifier onlyOwner() { _check(); _; }
    function _check() internal view virtual { require(_sender() == owner, "no"); }
    function _sender() internal view returns (address) { return msg.sender; }
    function setOwner(address next) external ${setOwner} { owner = next; emit Passed(next); }
    event Passed(address to);
}
contract Box is Owned {
    function close() external onlyOwner { _close(payable(msg.sender)); }
    function _close(address payable to) private { selfdestruct(to); }
}`;
    const guarded = await auditOf(compiler, { 'Box.sol': source('onlyOwner') });
    expect(guarded.findings).toEqual([]);
    const open = await auditOf(compiler, { 'Box.sol': source('') });
    const [taken, destroyed] = open.findings;
    expect(taken).toMatchObject({ detector: 'open-authority', location: { line: 7 } });
    expect(destroyed).toMatchObject({ detector: 'unprotected-selfdestruct', severity: 'critical' });
    expect(destroyed?.path.map((step) => step.note)).toEqual([
      'anyone may call close',
      'close runs _close',
      'the contract destroys itself',
      'anyone may set who is allowed, here',
    ]);
  });

  test.each(['0.4.26', '0.5.17', '0.6.12', '0.7.6', '0.8.37'])(
    'compiler %s: one fault, one finding',
    async (version) => {
      const minor = Number(version.split('.')[1]);
      const call = minor >= 7 ? 'msg.sender.call{value: amount}("")' : 'msg.sender.call.value(amount)("")';
      const [left, visible] = minor >= 5 ? ['(bool ok, )', 'external'] : ['bool ok', 'public'];
      const report = await auditOf(compiler, {
        'Bank.sol': `pragma solidity ${version};
contract Bank {
    mapping(address => uint) balances;
    function withdraw() ${visible} {
        uint amount = balances[msg.sender];
        ${left} = ${call};
        require(ok);
        balances[msg.sender] = 0;
    }
}`,
      });
      expect(report.findings.map((finding) => `${finding.detector}:${finding.location.line}`)).toEqual([
        'reentrancy:6',
      ]);
    },
  );
});
