import type { Sources } from '../../solidity/types.ts';
import type { Location } from '../types.ts';
import { escapeHtml } from './escape.ts';

/** Lines shown before and after the place. */
const around = 3;
/** Lines of the place itself; of a longer one the first are shown. */
const longest = 12;

/** The lines around a place with their numbers, the place itself marked; its excerpt where the file is not there. */
export function excerpt(location: Location, sources: Sources, context = around): string {
  const text = Object.hasOwn(sources, location.file) ? sources[location.file] : undefined;
  if (text === undefined) return `<pre class="code"><code>${escapeHtml(location.excerpt)}</code></pre>`;
  const lines = text.split(/\r\n|\r|\n/);
  const last = Math.min(location.endLine, location.line + longest - 1);
  const rows: string[] = [];
  for (let number = Math.max(1, location.line - context); number <= last + context; number++) {
    const line = lines[number - 1];
    if (line === undefined) break;
    const inside = number >= location.line && number <= last;
    const shown = inside ? markPlace(line, number, location) : escapeHtml(line);
    const sign = inside ? '<span class="sign" aria-hidden="true">▶</span>' : '';
    rows.push(
      `<span class="row${inside ? ' at' : ''}"><span class="number">${sign}${number}</span>${shown}\n</span>`,
    );
  }
  const name = escapeHtml(`${location.file}, line ${location.line}`);
  // A scrolling region has to be reachable by the keyboard.
  return `<pre class="code" tabindex="0" role="region" aria-label="${name}"><code>${rows.join('')}</code></pre>`;
}

function markPlace(
  line: string,
  number: number,
  { line: first, column, endLine, endColumn }: Location,
): string {
  const from = number === first ? column - 1 : line.length - line.trimStart().length;
  const to = number === endLine ? endColumn - 1 : line.length;
  if (to <= from) return escapeHtml(line);
  const [before, inside, after] = [line.slice(0, from), line.slice(from, to), line.slice(to)];
  return `${escapeHtml(before)}<mark>${escapeHtml(inside)}</mark>${escapeHtml(after)}`;
}
