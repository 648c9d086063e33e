/** A source worker that forgets the log. */
import { serveSabotagedSources } from './serve-sabotaged-sources.ts';

serveSabotagedSources({ layFramesOver: () => null });
