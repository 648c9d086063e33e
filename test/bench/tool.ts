/** What the benchmark asks of a backup tool. Each tool keeps all that it writes below one fresh folder. */
import type { Command } from './measure-command.ts';

export type ToolName = 'holdfast' | 'restic' | 'borg' | 'borg-lz4';

export type Tool = {
  readonly name: ToolName;
  version(): Promise<string>;
  /** Makes an empty repository below `folder`; not measured. */
  create(folder: string): Promise<void>;
  /** Where the repository lies: its growth is the "bytes added". */
  repository(folder: string): string;
  backup(folder: string, source: string): Command;
  /** The newest state into the empty folder `into`. */
  restore(folder: string, into: string): Command;
  /** Milliseconds, told by the tool itself, that belong to proving a backup or a restore and not to making it. */
  proveMs?(stdout: string): number;
};
