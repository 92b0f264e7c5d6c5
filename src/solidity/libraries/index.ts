import type { BundledLibrary } from '../npm-library.ts';
import { openzeppelin49 } from './openzeppelin-4.9.ts';
import { openzeppelin5 } from './openzeppelin-5.ts';

/** Every bundled library; of several versions of one name, the newest stands first. */
export const libraries: readonly BundledLibrary[] = [openzeppelin5, openzeppelin49];
