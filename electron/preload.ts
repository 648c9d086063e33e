// The bridge, all that a window has of the world outside: calls, events, and where a dropped file lies. It decides nothing.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { callChannel, eventChannel } from '../shared/ipc/channels.ts';
import type { Bridge } from '../shared/ipc/bridge.ts';
import type { AppEvent } from '../shared/ipc/contract.ts';
import type { Reply } from '../shared/ipc/messages.ts';

/** A screen may be asked for before anybody listens. */
let asked: AppEvent | null = null;
ipcRenderer.on(eventChannel, (_, event: AppEvent) => {
  if (event.kind === 'open') asked = event;
});

const bridge: Bridge = {
  call: async (name, input) => {
    try {
      return (await ipcRenderer.invoke(callChannel, name, input)) as Reply;
    } catch (error) {
      return { ok: false, failure: { code: 'unexpected', detail: String(error) } };
    }
  },
  onEvent: (listener) => {
    const hear = (_: unknown, event: AppEvent): void => listener(event);
    ipcRenderer.on(eventChannel, hear);
    if (asked !== null) listener(asked);
    return () => ipcRenderer.off(eventChannel, hear);
  },
  pathOfFile: (file) => webUtils.getPathForFile(file),
};
contextBridge.exposeInMainWorld('holdfast', bridge);
