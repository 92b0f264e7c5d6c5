import { catalogue } from '../lib/app-error.ts';

export const fail = catalogue({
  'file-unreadable': {
    status: 422,
    title: 'File cannot be read',
    message: '{file} cannot be read: {reason}.',
    hint: 'Check the path.',
  },
  'file-unwritable': {
    status: 422,
    title: 'File cannot be written',
    message: '{file} cannot be written: {reason}.',
    hint: 'Check the path, and that its folder is there.',
  },
  'file-exists': {
    status: 409,
    title: 'File exists',
    message: '{file} is there already.',
    hint: 'Choose another folder, or replace it with --force.',
  },
  'no-sources': {
    status: 422,
    title: 'No Solidity files',
    message: '{path} holds no .sol file.',
    hint: 'Name a .sol file, or a folder that has some.',
  },
  'option-not-json': {
    status: 422,
    title: 'Option is not JSON',
    message: '{option} is not JSON: {reason}.',
    hint: 'Write it like {example}, in single quotes so that the shell leaves it alone.',
  },
  'nothing-to-ship': {
    status: 422,
    title: 'Nothing to ship',
    message: 'Neither a file, nor --prompt, nor --template was given.',
    hint: 'Try: slipway ship --prompt "Create an ERC20 token called GameCoin with 10M supply" --network local',
  },
  'reason-needed': {
    status: 422,
    title: 'A reason is needed',
    message: '--acknowledge was given without --reason.',
    hint: 'Say why the finding is acceptable: --reason "…". It is kept in the audit log.',
  },
  'no-server-known': {
    status: 503,
    title: 'No server',
    message: 'No server runs in this folder, and SLIPWAY_URL is not set.',
    hint: 'Start one with `npm start` (or `slipway serve`), or set SLIPWAY_URL and SLIPWAY_API_KEY.',
  },
  'not-signed-in': {
    status: 401,
    title: 'Not signed in',
    message: 'There is no API key for {url}.',
    hint: 'Run `slipway login --url {url}`, or set SLIPWAY_API_KEY.',
  },
});
