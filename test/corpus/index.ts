import { audit } from './audit.ts';
import { compile } from './compile.ts';
import { type Corpus, runCorpora } from './frame.ts';
import { noise } from './noise.ts';
import { prove } from './prove.ts';

const corpora: readonly Corpus[] = [audit, compile, noise, prove];

process.exitCode = await runCorpora(corpora, process.argv.slice(2));
