// ipcMain: handlers by channel, with Electron's words for what goes wrong.
import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { createEmitter, strictly } from './strict.ts';

type Handler = (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown;
const handlers = new Map<string, Handler>();
const emitter = createEmitter('ipcMain', '');
// Channels are the app's own names.
emitter.removeAllListeners('newListener');

export const ipcMain = strictly<IpcMain>(
  'ipcMain',
  {
    handle(channel, handler) {
      if (handlers.has(channel)) {
        throw new Error(`Attempted to register a second handler for '${channel}'`);
      }
      handlers.set(channel, handler);
    },
    handleOnce(channel, handler) {
      ipcMain.handle(channel, (event, ...args: unknown[]) => {
        handlers.delete(channel);
        return handler(event, ...args) as unknown;
      });
    },
    removeHandler: (channel) => void handlers.delete(channel),
  },
  emitter,
);

export function receiveMessage(event: object, channel: string, args: readonly unknown[]): void {
  emitter.emit(channel, event, ...args);
}

export async function answerInvoke(
  event: object,
  channel: string,
  args: readonly unknown[],
): Promise<unknown> {
  const handler = handlers.get(channel);
  if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
  return handler(event as IpcMainInvokeEvent, ...args);
}
