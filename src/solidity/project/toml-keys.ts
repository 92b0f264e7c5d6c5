/** A key stands at the start of its line; what lies behind is not searched. */
const lineCharactersMax = 200;

/**
 * Finds the line of a key, for messages: the parser gives values without places. The key of the profile asked for comes
 * first, then that of any table.
 *
 * @param key in snake case
 * @returns the line, from 1; 1 when the key is nowhere by itself
 */
export function keyLine(text: string, key: string, profile = 'default'): number {
  let table = '';
  let elsewhere = 0;
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.slice(0, lineCharactersMax);
    const header = headerOf(line);
    if (header !== undefined) table = header;
    const name =
      header === undefined ? /^\s*["']?([\w-]+)["']?\s*=/.exec(line)?.[1] : table.split('.').at(-1);
    if (name === undefined || snakeCase(name) !== key) continue;
    const isOfProfile = table.replace(/^profile\./, '').split('.')[0] === profile;
    if (isOfProfile) return index + 1;
    elsewhere ||= index + 1;
  }
  return elsewhere || 1;
}

/** @returns the name in `[a.b]` or `[[a.b]]`, without quotes and blanks; nothing for any other line */
function headerOf(line: string): string | undefined {
  const start = line.trimStart();
  const end = start.indexOf(']');
  return start.startsWith('[') && end > 0 ? start.slice(0, end).replaceAll(/[["'\s]/g, '') : undefined;
}

/** Foundry takes `viaIr`, `via-ir` and `via_ir` for one key. */
export function snakeCase(key: string): string {
  return key
    .replaceAll('-', '_')
    .replace(/[A-Z]/g, (letter, at: number) => (at === 0 ? letter : `_${letter}`).toLowerCase());
}

export function camelCase(key: string): string {
  return key.replace(/[_-]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
