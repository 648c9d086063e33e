// What the agent's handlers work with: the engine, what is under way, and what outlives a window.
import type { AppEvent } from '../../shared/ipc/contract.ts';
import type { Engine } from '../jobs/engine.ts';
import type { JobBoard } from '../jobs/job-board.ts';
import type { NoticeList } from '../jobs/notice-list.ts';
import type { SettingsFile } from '../jobs/settings-file.ts';

export interface AgentParts {
  readonly engine: Engine;
  readonly board: JobBoard;
  readonly settings: SettingsFile;
  readonly notices: NoticeList;
  /** To every window and the shell. */
  readonly emit: (event: AppEvent) => void;
}
