// ipcMain: handlers by channel, with Electron's words for what goes wrong.
import { EventEmitter } from 'node:events';
import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { strictly } from './strict.ts';

type Handler = (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown;
const handlers = new Map<string, Handler>();
/** Channels are the app's own names: any will do. */
export const messages = new EventEmitter();

export const ipcMain = strictly<IpcMain>(
  'ipcMain',
  {
    handle(channel, handler) {
      if (handlers.has(channel)) {
        throw new Error(`Attempted to register a second handler for '${channel}'`);
      }
      handlers.set(channel, handler);
    },
    removeHandler: (channel) => void handlers.delete(channel),
  },
  messages,
);

export async function answerInvoke(
  event: object,
  channel: string,
  args: unknown,
): Promise<unknown> {
  const handler = handlers.get(channel);
  if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
  return handler(event as IpcMainInvokeEvent, ...(args as unknown[]));
}
