// What the preload script puts into the window as `window.holdfast`: the only way out of it.
import type { AppEvent, WindowCallName } from './contract.ts';
import type { Reply } from './messages.ts';

export interface Bridge {
  /** Never rejects: what went wrong is a reply. */
  call(name: WindowCallName, input: unknown): Promise<Reply>;
  /** Returns what ends it. */
  onEvent(listener: (event: AppEvent) => void): () => void;
  /** Absolute path of a file that was dropped onto the window; empty when it has none. */
  pathOfFile(file: File): string;
}
