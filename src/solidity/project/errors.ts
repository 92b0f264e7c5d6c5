import { catalogue } from '../../lib/app-error.ts';

/** Everything that can be wrong with an archive, a project or a standard JSON input, before its sources are looked at. */
export const fail = catalogue({
  'archive-kind-unknown': {
    status: 422,
    title: 'Not a known kind of archive',
    message: 'The archive is {kind}; zip, tar and tar.gz can be read.',
    hint: 'Pack the project folder with `zip -r project.zip .` or `tar czf project.tar.gz .` and send that.',
  },
  'archive-damaged': {
    status: 422,
    title: 'Archive is damaged',
    message: 'The archive cannot be read: {reason}.',
    hint: 'It may have been cut short on its way. Pack it again and compare the sizes.',
  },
  'archive-too-large': {
    status: 413,
    title: 'Archive too large',
    message: 'The archive has {bytes} bytes; at most {max} are taken.',
    hint: 'Leave out node_modules, out, artifacts, cache and .git; bundled libraries need not be sent.',
  },
  'archive-unpacks-too-large': {
    status: 413,
    title: 'Archive unpacks to too much',
    message: 'The archive holds more than {max} bytes; the limit was reached in {entry}.',
    hint: 'Leave out node_modules, out, artifacts, cache and .git; bundled libraries need not be sent.',
  },
  'archive-entries-too-many': {
    status: 413,
    title: 'Too many files in the archive',
    message: 'The archive has more than {max} entries.',
    hint: 'Leave out node_modules, out, artifacts, cache and .git; bundled libraries need not be sent.',
  },
  'archive-path-invalid': {
    status: 422,
    title: 'Bad path in the archive',
    message: 'The archive entry {entry} is refused: {reason}.',
    hint: 'Entries need relative paths with forward slashes that stay inside the archive. Pack the project folder again.',
  },
  'archive-link': {
    status: 422,
    title: 'Link in the archive',
    message: 'The archive entry {entry} is a {kind}; only files and folders are taken.',
    hint: 'Pack what the links lead to in their place (`tar --dereference --hard-dereference`, or `zip` without -y), or leave them out.',
  },
  'archive-encrypted': {
    status: 422,
    title: 'Archive is encrypted',
    message: 'The archive entry {entry} is encrypted.',
    hint: 'Pack the project without a password.',
  },
  'archive-method-unknown': {
    status: 422,
    title: 'Compression not supported',
    message:
      'The archive entry {entry} is compressed by method {method}; stored and deflated entries can be read.',
    hint: 'Pack the project with the usual settings of zip, or as tar.gz.',
  },
  'archive-duplicate': {
    status: 422,
    title: 'Two entries of one name',
    message: 'The archive holds {entry} and {other}, which are one file on some systems.',
    hint: 'Rename or remove one of them: names must differ by more than letter case and by more than how an accent is written.',
  },
  'project-empty': {
    status: 422,
    title: 'No Solidity files in the project',
    message: 'The project has no Solidity file to compile{where}.',
    hint: '{advice}',
  },
  'project-ambiguous': {
    status: 422,
    title: 'Several projects at once',
    message: 'There are several projects: {projects}.',
    hint: 'Send one of these folders alone.',
  },
  'project-config-invalid': {
    status: 422,
    title: 'Configuration file not valid',
    message: '{file}:{line}: {problem}.',
    hint: 'Correct the place, or leave the file out and give the settings with the request.',
  },
  'project-config-too-large': {
    status: 413,
    title: 'Configuration file too large',
    message: '{file} has {bytes} bytes; at most {max} are read.',
    hint: 'Send a smaller file: of it only the compiler settings matter here.',
  },
  'project-profile-unknown': {
    status: 422,
    title: 'No such profile',
    message: '{file} has no profile {profile}.{suggestion}',
    hint: 'The profiles are: {profiles}.',
  },
  'project-dependency-missing': {
    status: 422,
    title: 'Dependency is not there',
    message: '{file}:{line}: the import "{path}" leads to {target}, which is not among the files.',
    hint: 'Install the dependencies (`forge install`, `npm install`) and send them with the project. Bundled are {libraries}.',
  },
  'project-compilers-differ': {
    status: 422,
    title: 'The project needs several compilers',
    message: 'No single compiler fits all files: {groups}.',
    hint: 'Name a contract (or an entry file) to compile what belongs to it; each such part is a build of its own.',
  },
  'standard-json-invalid': {
    status: 422,
    title: 'Standard JSON input not valid',
    message: 'The standard JSON input has {count} problem(s): {first}',
    hint: '{advice}',
  },
});
