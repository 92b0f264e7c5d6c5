import { addParameter, addParent, type Draft } from '../builder.ts';
import type { Access } from '../option-schemas.ts';

const root = '@openzeppelin/contracts/access';

/**
 * Puts somebody in charge: one owner, or an administrator who hands out roles. The account is a constructor
 * argument, never the sender, so that a platform's key does not become the owner of a user's contract.
 */
export function addAccess(draft: Draft, access: Access): void {
  if (access === 'none') return;
  if (access === 'ownable') {
    addParent(draft, { name: 'Ownable', path: `${root}/Ownable.sol`, arguments: ['initialOwner'] });
    addParameter(draft, {
      name: 'initialOwner',
      type: 'address',
      meaning: 'Account that owns the contract; not the zero address.',
    });
    return;
  }
  addParent(draft, { name: 'AccessControl', path: `${root}/AccessControl.sol` });
  addParameter(draft, {
    name: 'initialOwner',
    type: 'address',
    meaning: 'Account that holds every role at first and may grant them; not the zero address.',
  });
  draft.errors.push({
    comment: ['@notice The contract was deployed with nobody in charge.'],
    code: 'error InitialOwnerIsZero();',
  });
  draft.constructorBody.push(
    'if (initialOwner == address(0)) revert InitialOwnerIsZero();',
    '_grantRole(DEFAULT_ADMIN_ROLE, initialOwner);',
  );
}

/**
 * @param role name of the role that the guarded function asks for, e.g. `MINTER`; granted to the initial owner
 * @returns the modifiers of a function that only those in charge may call
 */
export function guard(draft: Draft, access: Access, role: string, can: string): string[] {
  if (access === 'none') return [];
  if (access === 'ownable') return ['onlyOwner'];
  const constant = `${role}_ROLE`;
  const code = `bytes32 public constant ${constant} = keccak256("${constant}");`;
  if (!draft.state.some((one) => one.code === code)) {
    draft.state.push({ comment: [`@notice Role whose holders can ${can}.`], code });
    draft.constructorBody.push(`_grantRole(${constant}, initialOwner);`);
  }
  return [`onlyRole(${constant})`];
}

/** @returns the phrase by which NatSpec names those who may call a guarded function. */
export function whoMay(access: Access, role: string): string {
  return access === 'ownable' ? 'Only the owner can call it.' : `Only holders of ${role}_ROLE can call it.`;
}
