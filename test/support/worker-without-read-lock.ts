/** A source worker that never takes SQLite's read lock. */
import { serveSabotagedSources } from './serve-sabotaged-sources.ts';

serveSabotagedSources({ beginRead: () => undefined, endRead: () => undefined });
