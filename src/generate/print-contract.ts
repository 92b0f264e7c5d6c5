import type { ContractFunction, Declaration, Draft } from './builder.ts';

/** OpenZeppelin 5.7 asks for ^0.8.24 and uses `mcopy`, which is on by default from 0.8.25. */
const pragma = '^0.8.25';
const lineCharactersMax = 110;

/** Writes a contract as Solidity source: imports by path, then state, events, errors, constructor, functions. */
export function printContract(draft: Draft): string {
  const imports = [...draft.parents, ...draft.imports]
    .sort((left, right) => (left.path < right.path ? -1 : 1))
    .map((parent) => `import {${parent.name}} from "${parent.path}";`);
  const sections = [
    ...[...draft.state, ...draft.events, ...draft.errors].map(printDeclaration),
    printConstructor(draft),
    ...visibleFunctions(draft).map((one) => printFunction(one, draft)),
  ].filter((section) => section.length > 0);
  const lines = [
    '// SPDX-License-Identifier: MIT',
    `pragma solidity ${pragma};`,
    '',
    ...(imports.length > 0 ? [...imports, ''] : []),
    ...natspec([`@title ${draft.title}`, ...draft.notice]),
    ...header(draft),
    ...sections.flatMap((section, index) => [...(index > 0 ? [''] : []), ...section.map(indent)]),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function header(draft: Draft): string[] {
  const names = draft.parents.map((parent) => parent.name);
  if (names.length === 0) return [`contract ${draft.name} {`];
  const oneLine = `contract ${draft.name} is ${names.join(', ')} {`;
  if (oneLine.length <= lineCharactersMax) return [oneLine];
  return [`contract ${draft.name} is`, ...listed(names), '{'];
}

function printDeclaration(declaration: Declaration): string[] {
  return [...natspec(declaration.comment), declaration.code];
}

function printConstructor(draft: Draft): string[] {
  const bases = draft.parents
    .filter((parent) => parent.arguments)
    .map((parent) => `${parent.name}(${parent.arguments?.join(', ')})`);
  if (bases.length === 0 && draft.constructorBody.length === 0) return [];
  const parameters = draft.parameters.map(({ type, name }) => `${type} ${name}`).join(', ');
  const comment = draft.parameters.map(({ name, meaning }) => `@param ${name} ${meaning}`);
  const head = wrapHead(`constructor(${parameters})`, bases);
  return [...natspec(comment), ...withBody(head, draft.constructorBody)];
}

/** The opening brace follows a head of one line and stands alone after a longer one. */
function withBody(head: string[], body: string[]): string[] {
  const opened = head.length === 1 ? [`${head[0]} {`] : [...head, '{'];
  if (body.length > 0) return [...opened, ...body.map(indent), '}'];
  return [...opened.slice(0, -1), `${opened.at(-1)}}`];
}

/** Functions in the order of the Solidity style guide; pass-ons only where two bases meet. */
function visibleFunctions(draft: Draft): ContractFunction[] {
  const order = ['external', 'public', 'internal'];
  return draft.functions
    .filter((one) => !one.passesOn || (one.overrides ?? []).length > 1)
    .sort((left, right) => order.indexOf(left.visibility) - order.indexOf(right.visibility));
}

function printFunction(one: ContractFunction, draft: Draft): string[] {
  const attributes = [
    one.visibility,
    ...(one.mutability ? [one.mutability] : []),
    ...overrideList(one, draft),
    ...(one.modifiers ?? []),
    ...(one.returns ? [`returns (${one.returns})`] : []),
  ];
  const head = wrapHead(`function ${one.name}(${one.parameters})`, attributes);
  return [...natspec(one.comment), ...withBody(head, one.body)];
}

/** `override` alone names the only base; several are listed in the order of the contract's own bases. */
function overrideList(one: ContractFunction, draft: Draft): string[] {
  const names = one.overrides ?? [];
  if (names.length === 0) return [];
  if (names.length === 1) return ['override'];
  const order = draft.parents.map((parent) => parent.name);
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return [`override(${[...names].sort((left, right) => place(left) - place(right)).join(', ')})`];
}

function wrapHead(start: string, attributes: string[]): string[] {
  const oneLine = [start, ...attributes].join(' ');
  if (oneLine.length + 6 <= lineCharactersMax) return [oneLine];
  return [start, ...attributes.map(indent)];
}

function listed(names: string[]): string[] {
  return names.map((name, index) => indent(index < names.length - 1 ? `${name},` : name));
}

function natspec(lines: string[]): string[] {
  return lines.map((line) => `/// ${line}`);
}

function indent(line: string): string {
  return line === '' ? '' : `    ${line}`;
}
