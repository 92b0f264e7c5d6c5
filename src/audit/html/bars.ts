import { escapeHtml } from './escape.ts';

export interface Bar {
  label: string;
  count: number;
  /** A class of the style sheet that gives it its colour. */
  kind: string;
}

/** A chart of horizontal bars as inline SVG, with every number written beside its bar and told to screen readers. */
export function bars(title: string, rows: readonly Bar[]): string {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const height = rows.length * rowHeight;
  const drawn = rows.map(({ label, count, kind }, at) => {
    const y = at * rowHeight;
    const width = count === 0 ? 0 : Math.max(3, Math.round((count / most) * barWidth));
    const middle = y + rowHeight / 2;
    return [
      `<text class="label" x="${labelWidth - 8}" y="${middle}" text-anchor="end">${escapeHtml(label)}</text>`,
      `<rect class="bar ${kind}" x="${labelWidth}" y="${y + 4}" width="${width}" height="${rowHeight - 8}" rx="3"/>`,
      `<text class="label" x="${labelWidth + width + 8}" y="${middle}">${count}</text>`,
    ].join('');
  });
  const told = rows.map(({ label, count }) => `${label} ${count}`).join(', ');
  return [
    `<figure><figcaption>${escapeHtml(title)}</figcaption>`,
    `<svg role="img" aria-label="${escapeHtml(`${title}: ${told}`)}" viewBox="0 0 ${labelWidth + barWidth + 48} ${height}">`,
    ...drawn,
    '</svg></figure>',
  ].join('');
}

/** Units of the drawing; the page scales it. */
const rowHeight = 26;
const labelWidth = 190;
const barWidth = 240;
