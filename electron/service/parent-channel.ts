// The agent's line to the process that started it: Electron's utility process speaks over `parentPort`, a forked Node
// over `process.send`. The same messages either way.
import type { Response } from '../../shared/ipc/messages.ts';

export interface ParentChannel {
  send(response: Response): void;
  /** `onMessage` gets whatever comes in; `onGone` is called once when nobody listens any more. */
  open(onMessage: (message: unknown) => void, onGone: () => void): void;
  /** Lets the process end. */
  close(): void;
}

/** Electron adds it to `process` in a utility process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** The channel of this process. */
export function findParentChannel(): ParentChannel {
  const { parentPort } = process as NodeJS.Process & { readonly parentPort?: ParentPort | null };
  return parentPort === undefined || parentPort === null
    ? forkedChannel()
    : portChannel(parentPort);
}

function portChannel(port: ParentPort): ParentChannel {
  return {
    send: (response) => port.postMessage(response),
    // Electron ends a utility process together with its app: there is no "gone" to hear of.
    open: (onMessage) => port.on('message', ({ data }) => onMessage(data)),
    // A port that is listened to keeps the process alive, and cannot be closed.
    close: () => process.exit(),
  };
}

function forkedChannel(): ParentChannel {
  return {
    send(response) {
      if (process.connected) process.send?.(response);
    },
    open(onMessage, onGone) {
      process.on('message', onMessage);
      process.on('disconnect', onGone);
    },
    close() {
      if (process.connected) process.disconnect();
    },
  };
}
