import { type Remapping, readRemappings } from '../remappings.ts';
import { configProblem } from './config-text.ts';

const form = /^(?:[^:=]*:)?[^=]+=.+$/;

/**
 * Reads a `remappings.txt`: one remapping a line; blank lines and comments are passed over.
 *
 * @returns in the form of `tidyRemapping`
 * @throws AppError `project-config-invalid` with the line
 */
export function readRemappingsTxt(text: string, file: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const remapping = line.trim();
    if (remapping === '' || remapping.startsWith('#') || remapping.startsWith('//')) return [];
    if (!form.test(remapping)) {
      throw configProblem(
        file,
        index + 1,
        `"${remapping.slice(0, 100)}" is not of the form [context:]prefix=target`,
      );
    }
    return [tidyRemapping(remapping)];
  });
}

/**
 * A remapping as Foundry hands it to the compiler: prefix and target of a folder end in a slash, and the target begins
 * without `./`. What lies in a `node_modules` above the project is found as if it lay in it.
 */
export function tidyRemapping(line: string): string {
  const { context, prefix, target } = splitRemapping(line);
  const begun = target.replace(/^(?:\.\/+)+/, '').replace(/^(\.\.\/)+(?=node_modules\/)/, '');
  const isFile = prefix.endsWith('.sol') || begun.endsWith('.sol');
  const end = (path: string) => (isFile || path === '' || path.endsWith('/') ? path : `${path}/`);
  return `${context === '' ? '' : `${context}:`}${end(prefix)}=${end(begun)}`;
}

/** @throws AppError `remapping-invalid` */
export function splitRemapping(line: string): Remapping {
  return readRemappings([line.trim()])[0] as Remapping;
}
