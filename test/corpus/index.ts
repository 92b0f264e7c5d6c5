import { audit } from './audit.ts';
import { compile } from './compile.ts';
import { type Corpus, runCorpora } from './frame.ts';

const corpora: readonly Corpus[] = [audit, compile];

process.exitCode = await runCorpora(corpora, process.argv.slice(2));
