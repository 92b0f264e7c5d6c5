import type { Generated, GenerateRequest } from './types.ts';

/** The documentation of a generated contract: what was asked for, what was made of it, and how to deploy it. Markdown. */
export function describeGeneration(request: GenerateRequest, generated: Generated): string {
  const { contract, template, templateVersion, options, constructorArguments } = generated;
  return [
    `# ${contract}`,
    `Made by Slipway from the template \`${template}\` ${templateVersion}.`,
    ...(request.prompt === undefined ? [] : [`> ${request.prompt.trim().replaceAll('\n', '\n> ')}`]),
    ...section('Options', [
      ...Object.entries(options).map(([name, value]) => `\`${name}\`: ${code(value)}${why(generated, name)}`),
    ]),
    ...section(
      'Not understood',
      generated.notUnderstood.map(({ text, hint }) => `“${text}”: ${hint}`),
    ),
    ...section(
      'Constructor arguments',
      constructorArguments.map(({ parameter, meaning, value }) => {
        const settled = value === undefined ? '' : ` Settled by the options: ${code(value)}.`;
        return `\`${parameter.type} ${parameter.name ?? ''}\`: ${meaning}${settled}`;
      }),
    ),
    '',
  ].join('\n\n');
}

/** A heading with a list, or nothing. */
function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, lines.map((line) => `- ${line}`).join('\n')];
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

/** An option was either said or assumed; one that was given needs no reason. */
function why({ understood, assumed }: Generated, option: string): string {
  const said = understood.find((one) => one.option === option);
  if (said) return ` (from “${said.text}”)`;
  const taken = assumed.find((one) => one.option === option);
  return taken ? ` (assumed: ${taken.reason})` : '';
}
