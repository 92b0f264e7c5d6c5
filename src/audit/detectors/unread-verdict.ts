import type { Detector } from '../detector.ts';
import { descendants, referenceOf, slotsOf, typeOf } from '../ir/ast.ts';
import { type Atom, atomsOf, equalSides } from '../ir/conditions.ts';
import type { Frame, Ref } from '../ir/frames.ts';
import { codeOf } from '../ir/own.ts';
import { recoveriesOf, usedAt } from '../ir/signatures.ts';
import { isMadeOf } from '../ir/sources.ts';
import type { CallVisit } from '../ir/visits.ts';

/** A signature is checked, and what the check says changes nothing. */
export const unreadVerdict: Detector = {
  id: 'unread-verdict',
  category: 'signature',
  severity: 'high',
  confidence: 'high',
  title: 'What the check of a signature says is not looked at',
  why: 'A check that answers true or false, or the four bytes of ERC-1271, does not revert by itself. Thrown away, or only compared with one of many wrong answers, it lets every signature pass.',
  exploit:
    'An attacker brings any bytes as the signature. The check answers that they are wrong, and the function goes on.',
  fix: 'Require the answer: `require(isValidSignatureNow(…))`, and of ERC-1271 exactly `0x1626ba7e`.',
  references: ['SWC-104', 'CWE-252', 'CWE-347', 'OWASP-SC06:2025', 'EEA-EthTrust: Verify Signatures'],
  bad: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
interface IWallet { function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4); }
contract Orders {
    mapping(address => uint256) public balanceOf;
    mapping(bytes32 => bool) public used;
    function _digest(address who, uint256 amount) private returns (bytes32 digest) {
        digest = keccak256(abi.encode(block.chainid, address(this), who, msg.sender, amount));
        require(!used[digest]);
        used[digest] = true;
    }
    function _move(address who, uint256 amount) private { balanceOf[who] -= amount; balanceOf[msg.sender] += amount; }
    function dropped(address who, uint256 amount, bytes calldata signature) external {
        SignatureChecker.isValidSignatureNow(who, _digest(who, amount), signature); // <-- finding
        _move(who, amount);
    }
    function named(address who, uint256 amount, bytes calldata signature) external {
        bytes4 answer = IWallet(who).isValidSignature(_digest(who, amount), signature); // <-- finding
        _move(who, amount);
    }
    function other(address who, uint256 amount, bytes calldata signature) external {
        require(IWallet(who).isValidSignature(_digest(who, amount), signature) != 0xffffffff); // <-- finding
        _move(who, amount);
    }
    function byHand(address who, uint256 amount, bytes calldata signature) external {
        bytes32 digest = _digest(who, amount);
        (bool ok, ) = who.staticcall(abi.encodeWithSelector(IWallet.isValidSignature.selector, digest, signature)); // <-- finding
        require(ok);
        _move(who, amount);
    }
}
`,
    `pragma solidity ^0.4.24;
contract Till {
    address signer = msg.sender;
    mapping(bytes32 => bool) used;
    function isSigned(bytes32 hash, uint8 v, bytes32 r, bytes32 s) internal view returns (bool) {
        return ecrecover(hash, v, r, s) == signer;
    }
    function pay(uint amount, uint id, uint8 v, bytes32 r, bytes32 s) public {
        bytes32 hash = keccak256(abi.encodePacked(address(this), msg.sender, amount, id));
        require(!used[hash]);
        used[hash] = true;
        isSigned(hash, v, r, s); // <-- finding
        msg.sender.transfer(amount);
    }
}
`,
  ],
  good: [
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
interface IWallet { function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4); }
contract Orders {
    mapping(address => uint256) public balanceOf;
    mapping(bytes32 => bool) public used;
    function _digest(address who, uint256 amount) private returns (bytes32 digest) {
        digest = keccak256(abi.encode(block.chainid, address(this), who, msg.sender, amount));
        require(!used[digest]);
        used[digest] = true;
    }
    function _check(address who, bytes32 digest, bytes calldata signature) private view returns (bool) {
        require(SignatureChecker.isValidSignatureNow(who, digest, signature));
        return true;
    }
    function _move(address who, uint256 amount) private { balanceOf[who] -= amount; balanceOf[msg.sender] += amount; }
    function inside(address who, uint256 amount, bytes calldata signature) external {
        _check(who, _digest(who, amount), signature);
        _move(who, amount);
    }
    function asked(address who, uint256 amount, bytes calldata signature) external {
        if (IWallet(who).isValidSignature(_digest(who, amount), signature) != 0x1626ba7e) revert(); // <-- guard: IWallet(who).isValidSignature(_digest(who, amount), signature);
        _move(who, amount);
    }
    function byHand(address who, uint256 amount, bytes calldata signature) external {
        bytes32 digest = _digest(who, amount);
        (bool ok, bytes memory answer) = who.staticcall(abi.encodeWithSelector(0x1626ba7e, digest, signature));
        require(ok && answer.length == 32 && abi.decode(answer, (bytes4)) == 0x1626ba7e); // <-- guard: require(ok);
        _move(who, amount);
    }
}
`,
  ],
  run({ program, runs }, report) {
    for (const run of runs.entries) {
      if (run.role !== 'entry' || /^(view|pure)$/.test(run.entry.mutability)) continue;
      const atoms = atomsOf(run);
      for (const { visit } of recoveriesOf(run)) {
        const at = usedAt({ node: visit.node, frame: visit.frame });
        if (!program.isOwn(at.node) || !/^(bool|bytes4)$/.test(typeOf(at.node))) continue;
        const isOther = /^bytes4$/.test(typeOf(at.node)) && isOnlyDenied(atoms, at);
        if (!isThrownAway(at) && !isOther) continue;
        report({
          ...at,
          message: isOther
            ? `${run.entry.name} takes every answer of \`${codeOf(program, at.node, 50)}\` but one for a yes.`
            : `${run.entry.name} does not look at what \`${codeOf(program, at.node, 50)}\` answers.`,
        });
      }
      for (const visit of run.visits.calls) {
        if (!asksByHand(visit) || !isAnswerUnread(visit)) continue;
        report({
          node: visit.node,
          frame: visit.frame,
          message: `${run.entry.name} looks only whether the wallet could be asked, and not at what it answers.`,
        });
      }
    }
  },
};

/** A statement of its own, or a name that nobody reads. */
function isThrownAway({ node, frame }: Ref): boolean {
  const statement = frame.program.parent(node);
  if (statement?.nodeType === 'ExpressionStatement') return true;
  if (statement?.nodeType !== 'VariableDeclarationStatement') return false;
  const [declared] = slotsOf(statement, 'declarations');
  return declared !== undefined && !isRead(declared.id, frame);
}

function isRead(id: number, { callable }: Frame): boolean {
  return descendants(callable.body ?? callable.node, 'Identifier').some((item) => referenceOf(item) === id);
}

/** `answer != 0xffffffff` and no more: nothing is said of what it has to be. */
function isOnlyDenied(atoms: readonly Atom[], { node }: Ref): boolean {
  const about = atoms.filter((atom) =>
    descendants(atom.node, 'FunctionCall', 'Identifier').some((item) =>
      isMadeOf(item, atom.frame, (part) => part.node === node),
    ),
  );
  return about.length > 0 && about.every((atom) => isPassedAs(atom));
}

/** The way that goes on is the one on which the answer is another one. */
function isPassedAs(atom: Atom): boolean {
  const statement = atom.frame.program.parent(atom.node);
  const denied = equalSides(atom, false) !== undefined;
  // `if (answer == wrong) revert()` and `require(answer != wrong)`; a branch may be either.
  return denied && statement?.nodeType !== 'IfStatement';
}

function asksByHand({ call, frame }: CallVisit): boolean {
  if (call.kind !== 'low-level' || !frame.program.isOwn(call.node)) return false;
  return call.arguments.some((each) => /1626ba7e|isValidSignature/i.test(frame.program.source.text(each)));
}

function isAnswerUnread({ node, frame }: CallVisit): boolean {
  const statement = frame.program.parent(node);
  if (statement?.nodeType === 'ExpressionStatement') return true;
  if (statement?.nodeType !== 'VariableDeclarationStatement') return false;
  const answer = slotsOf(statement, 'declarations')[1];
  return !answer || !isRead(answer.id, frame);
}
