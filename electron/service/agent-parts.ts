// What the agent's handlers work with: the engine, what is under way, and what outlives a window.
import { join } from 'node:path';
import type { AppEvent } from '../../shared/ipc/contract.ts';
import type { Engine } from '../jobs/engine.ts';
import { createJobBoard, type JobBoard } from '../jobs/job-board.ts';
import { openNoticeList, type NoticeList } from '../jobs/notice-list.ts';
import { createRunNews, type RunNews } from '../jobs/run-news.ts';
import { openScheduleFile } from '../jobs/schedule/schedule-file.ts';
import { createSchedulerPorts } from '../jobs/schedule/scheduler-ports.ts';
import { createScheduler, type Scheduler } from '../jobs/schedule/scheduler.ts';
import { openSettingsFile, type SettingsFile } from '../jobs/settings-file.ts';

export interface AgentParts {
  readonly engine: Engine;
  readonly board: JobBoard;
  readonly settings: SettingsFile;
  readonly notices: NoticeList;
  readonly news: RunNews;
  readonly scheduler: Scheduler;
  /** To every window and the shell. */
  readonly emit: (event: AppEvent) => void;
}

/** Puts them together on an engine; the scheduler looks when it is started. */
export async function openAgentParts(
  engine: Engine,
  emit: (event: AppEvent) => void,
): Promise<AgentParts> {
  const { clock, random, dataFolder } = engine;
  const notices = await openNoticeList(
    () => Buffer.from(random(16)).toString('hex'),
    () => clock.nowMs(),
    join(dataFolder, 'notices.json'),
  );
  const settings = openSettingsFile(dataFolder);
  const news = createRunNews(engine, notices, emit);
  const board = createJobBoard({
    clock,
    random,
    onChange: (jobs) => emit({ kind: 'jobs', jobs }),
    onEnd: news.tellEnd,
  });
  const memory = await openScheduleFile(dataFolder);
  const ports = createSchedulerPorts({ engine, board, settings, news, memory });
  return { engine, board, settings, notices, news, scheduler: createScheduler(ports), emit };
}

/** Opens the way out: nothing starts any more, what runs is recorded as interrupted, all notices are in their file. */
export async function stopAgentParts({ board, scheduler, notices }: AgentParts): Promise<void> {
  // First the door: what is cancelled after that was interrupted, not given up.
  await board.interrupt();
  await scheduler.stop();
  await notices.flush();
}
