import { catalogue } from '../lib/app-error.ts';

/** Why a deployment ends without a contract. */
export const fail = catalogue({
  'nothing-to-deploy': {
    status: 422,
    title: 'Nothing to deploy',
    message: 'The contract has no creation code',
    hint: 'Interfaces and abstract contracts cannot be deployed; choose a contract that implements every function.',
  },
  'unlinked-library': {
    status: 422,
    title: 'Library not linked',
    message: 'The creation code still has a placeholder where the address of a library belongs',
    hint: 'Deploy the library first and compile again with its address in `settings.libraries`.',
  },
  'creation-code-too-large': {
    status: 422,
    title: 'Creation code too large',
    message: 'Creation code and arguments are {bytes} bytes; chains take at most {bytesMax} (EIP-3860)',
    hint: 'Turn the optimizer on with few runs, shorten error texts into custom errors, or split the contract.',
  },
  'runtime-code-too-large': {
    status: 422,
    title: 'Contract too large',
    message: 'The contract would be {bytes} bytes; chains take at most {bytesMax} (EIP-170)',
    hint: 'Turn the optimizer on with few runs, move code into libraries, or split the contract.',
  },
  'constructor-not-payable': {
    status: 422,
    title: 'Constructor takes no value',
    message: '{value} wei were to be sent along, and the constructor is not payable',
    hint: 'Leave `value` out, or mark the constructor `payable`.',
  },
  'constructor-reverted': {
    status: 422,
    title: 'Constructor reverts',
    message: 'Creating the contract fails: {reason}',
    hint: 'Nothing was spent. Check the constructor arguments against the conditions in the constructor.',
  },
  'deployment-reverted': {
    status: 422,
    title: 'Deployment reverted',
    message: 'The creation was mined in block {block} and failed: {reason}',
    hint: 'Gas was spent. The simulation before had succeeded, so something the constructor depends on changed in between. Simulate again with a dry run.',
  },
  'call-would-revert': {
    status: 422,
    title: 'Call reverts',
    message: '{function} would revert: {reason}',
    hint: 'Nothing was spent. Check the arguments, and whether the signer may call it.',
  },
  'call-reverted-on-chain': {
    status: 422,
    title: 'Call reverted',
    message: '{function} was mined in block {block} and failed: {reason}',
    hint: 'Gas was spent. The simulation before had succeeded, so something that the call depends on changed in between.',
  },
  'contract-not-there': {
    status: 409,
    title: 'No contract there',
    message: 'There is no code at {address} on {network}',
    hint: 'Whatever is sent there is lost, so nothing was sent. Was the contract destroyed, or taken back by the chain?',
  },
  'insufficient-funds': {
    status: 422,
    title: 'Insufficient funds',
    message: '{address} has {have} wei and needs up to {need} wei on {network}',
    hint: 'Send at least {missing} wei to {address}, or choose a slower fee policy. Nothing was spent.',
  },
  'fee-cap-too-low': {
    status: 422,
    title: 'Fee cap too low',
    message: 'The chain asks for {need} wei ({what}) and the cap is {cap} wei',
    hint: 'Raise the cap or wait for the fees to fall. Nothing was spent.',
  },
  'gas-above-block-limit': {
    status: 422,
    title: 'Too much gas',
    message: 'The transaction needs {gas} gas and may use {gasMax}',
    hint: 'Do less at once: a constructor can leave work to a function that is called afterwards, and that in parts.',
  },
  'nonce-used-elsewhere': {
    status: 409,
    title: 'Nonce used elsewhere',
    message: 'Transaction {nonce} of {address} was made by somebody else, so this one can never be mined',
    hint: 'The key of this signer is used outside Slipway as well. Request the deployment again; it gets a new nonce.',
  },
  'transaction-rejected': {
    status: 502,
    title: 'Transaction rejected',
    message: 'Every endpoint refused the transaction: {reason}',
    hint: 'It was never sent on. Nonce {nonce} of {address} stays open and later transactions of this signer wait for it.',
  },
  'transaction-refused': {
    status: 502,
    title: 'Transaction refused',
    message: 'Every endpoint refused the transaction: {reason}',
    hint: 'It had no effect. An empty transaction took nonce {nonce} of {address}, so that later ones do not wait for it.',
  },
  'fee-cap-reached': {
    status: 422,
    title: 'Fee cap reached',
    message: 'A replacement would have to offer {need} wei ({what}) and the cap is {cap} wei',
    hint: 'Speed it up with a higher cap, cancel it, or wait for the fees to fall: what was sent stays valid.',
  },
  'create2-deployer-missing': {
    status: 422,
    title: 'No deployer contract',
    message: 'There is no code at {deployer} on {network}, so no contract can be created by way of it',
    hint: 'Deploy without a salt, or have the deterministic deployment proxy put there first. Nothing was spent.',
  },
  'address-occupied': {
    status: 409,
    title: 'Address is occupied',
    message: 'At {address} stands code that is not the code of the build',
    hint: 'Choose another salt. Nothing was spent.',
  },
  'deployed-code-differs': {
    status: 409,
    title: 'Deployed code differs',
    message: 'The code at {address} is not the code of the build',
    hint: 'The constructor returned other code than the compiler announced, or destroyed the contract. Slipway cannot vouch for it.',
  },
  'wrong-signer': {
    status: 409,
    title: 'Wrong signer',
    message: 'It was planned for {planned} and the signer is {actual}',
    hint: 'Use the signer that it was requested with.',
  },
});
