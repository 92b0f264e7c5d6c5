import { catalogue } from '../lib/app-error.ts';

/** Everything that `generate` refuses. */
export const fail = catalogue({
  'prompt-empty': {
    status: 400,
    title: 'Empty prompt',
    message: 'The prompt has no words.',
    hint: 'Say what you want, e.g. "ERC20 token called GameCoin with 10M supply and burn", or name a template.',
  },
  'prompt-too-long': {
    status: 413,
    title: 'Prompt too long',
    message: 'The prompt has {characters} characters; the limit is {max}.',
    hint: 'Describe the contract in a few sentences; what a template cannot do belongs into the source afterwards.',
  },
  'prompt-no-template': {
    status: 422,
    title: 'No template fits the prompt',
    message: 'No template covers {what}.',
    hint: 'Nearest templates: {nearest}. Name one of them in the prompt or in `template`, or send your own source.',
  },
  'template-unknown': {
    status: 404,
    title: 'Unknown template',
    message: 'There is no template "{template}".',
    hint: 'Did you mean "{nearest}"? Templates: {all}.',
  },
  'template-options-invalid': {
    status: 422,
    title: 'Invalid template options',
    message: 'The options do not fit the template {template}: {problems}',
    hint: 'Correct the fields that are named; `GET /api/v1/templates/{template}` shows the options as JSON Schema.',
  },
});
