/** Style of the report: light and dark by what the reader's system says, contrast of text at least 4.5 to 1 (WCAG 2.2). */
export const style = `
:root { color-scheme: light dark;
  --paper: #ffffff; --ink: #1c2128; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa; --mark: #fff1b8;
  --critical: #8a1c7c; --high: #b3261e; --medium: #8a5a00; --low: #0b5cad; --info: #57606a; --gas: #57606a; --bar: #0b5cad; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #0d1117; --ink: #e6edf3; --soft: #9da7b3; --line: #30363d; --panel: #161b22; --mark: #5a4500;
  --critical: #e695dc; --high: #ff8f87; --medium: #e0b040; --low: #7ab8ff; --info: #9da7b3; --gas: #9da7b3; --bar: #7ab8ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; }
a { color: var(--low); }
code, pre { font: 0.875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; padding: 0.5rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid var(--line); }
figure { margin: 0; flex: 1 1 20rem; }
figcaption { font-weight: 600; margin-bottom: 0.5rem; }
svg { width: 100%; height: auto; }
.label { fill: var(--ink); font-size: 14px; dominant-baseline: middle; }
.bar { fill: var(--bar); } .bar.critical { fill: var(--critical); } .bar.high { fill: var(--high); }
.bar.medium { fill: var(--medium); } .bar.low { fill: var(--low); } .bar.info, .bar.gas { fill: var(--info); }
.charts { display: flex; flex-wrap: wrap; gap: 2rem; margin: 1.5rem 0; }
.finding { border: 1px solid var(--line); border-left: 0.4rem solid var(--info); border-radius: 0.4rem; padding: 0.5rem 1rem; margin: 1rem 0; }
.finding.critical { border-left-color: var(--critical); } .finding.high { border-left-color: var(--high); }
.finding.medium { border-left-color: var(--medium); } .finding.low { border-left-color: var(--low); }
.severity { text-transform: uppercase; font-size: 0.8rem; letter-spacing: 0.04em; }
.severity.critical { color: var(--critical); } .severity.high { color: var(--high); } .severity.medium { color: var(--medium); }
.severity.low { color: var(--low); } .severity.info, .severity.gas, .soft { color: var(--soft); }
.code { background: var(--panel); border: 1px solid var(--line); border-radius: 0.4rem; padding: 0.5rem 0; overflow-x: auto; white-space: pre; tab-size: 4; }
.code > code { display: block; min-width: max-content; padding: 0 0.75rem; }
.row { display: block; } .row.at { font-weight: 600; }
.number { display: inline-block; min-width: 3.5rem; padding-right: 1rem; text-align: right; color: var(--soft); user-select: none; }
.sign { float: left; color: var(--high); }
mark { background: var(--mark); color: inherit; border-radius: 0.15rem; }
ol.path > li { margin: 0.75rem 0; }
ol.path .code { margin: 0.25rem 0; }
@media print { body { max-width: none; } .finding { break-inside: avoid; } details > * { display: block; } }
`;
