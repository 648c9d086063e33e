// What runs inside the page: in the isolated world the preload script with its `require('electron')`, in the main world the
// other end of contextBridge. The two worlds share the document only; they talk by events on it whose name nobody else
// knows, and chromium clones what an event carries. Self-contained functions: their source is sent into the page.
import type { decodeWire, encodeWire } from './wire.ts';

interface PageEvent {
  readonly detail: Message;
  readonly violatedDirective: string;
  readonly blockedURI: string;
  readonly sourceFile: string;
  readonly lineNumber: number;
}
declare const document: {
  addEventListener(name: string, listener: (event: PageEvent) => void): void;
  dispatchEvent(event: unknown): boolean;
};
declare const CustomEvent: new (name: string, init: { readonly detail: unknown }) => unknown;
declare const window: Record<string, unknown> & { readonly top: unknown };
declare const location: { readonly href: string };

type AnyFunction = (...args: unknown[]) => unknown;
type Message =
  | { readonly kind: 'expose'; readonly key: string; readonly value: unknown }
  | { readonly kind: 'call'; readonly id: number; readonly args: unknown[] }
  | { readonly kind: 'return' | 'throw'; readonly value: unknown }
  | { readonly kind: 'settle'; readonly id: number; readonly isOk: boolean; value: unknown };

/** One end of contextBridge: `here` and `there` are the names of the two directions. */
export function openBridge(here: string, there: string) {
  const functions = new Map<number, AnyFunction>();
  const waiting = new Map<number, { resolve: AnyFunction; reject: AnyFunction }>();
  let nextId = 1;
  let answer: Message | null = null;
  const isPlain = (value: unknown): value is object =>
    typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value));
  const mapPlain = (value: object, change: AnyFunction): unknown =>
    Object.fromEntries(Object.entries(value).map(([key, of]) => [key, change(of)]));
  const post = (message: Message): void => {
    document.dispatchEvent(new CustomEvent(there, { detail: structuredClone(message) }));
  };
  const settle = (id: number, isOk: boolean, value: unknown): void =>
    post({ kind: 'settle', id, isOk, value });
  const messageOf = (error: unknown): string =>
    error instanceof Error ? error.message : String(error);

  const pack = (value: unknown): unknown => {
    if (typeof value === 'function') {
      functions.set(nextId, value as AnyFunction);
      return { [`${here}function`]: nextId++ };
    }
    if (value instanceof Promise) {
      const id = nextId++;
      value.then(
        (result) => settle(id, true, pack(result)),
        (error: unknown) => settle(id, false, messageOf(error)),
      );
      return { [`${here}promise`]: id };
    }
    if (Array.isArray(value)) return value.map(pack);
    return value !== null && isPlain(value) ? mapPlain(value, pack) : value;
  };
  const unpack = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(unpack);
    if (value === null || !isPlain(value)) return value;
    const marks = value as Record<string, number>;
    const id = marks[`${there}function`];
    if (id !== undefined)
      return (...args: unknown[]) => call({ kind: 'call', id, args: args.map(pack) });
    const promise = marks[`${there}promise`];
    if (promise === undefined) return mapPlain(value, unpack);
    return new Promise((resolve, reject) => waiting.set(promise, { resolve, reject }));
  };
  const frozen = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
    return Object.freeze(value);
  };
  /** The other world answers before the event has been dispatched. */
  const call = (message: Message): unknown => {
    answer = null;
    post(message);
    const given = answer as Message | null;
    if (given?.kind === 'return') return unpack(given.value);
    throw new Error(given?.kind === 'throw' ? String(given.value) : 'the other world is not there');
  };
  const run = (work: () => unknown): void => {
    try {
      post({ kind: 'return', value: pack(work()) });
    } catch (error) {
      post({ kind: 'throw', value: messageOf(error) });
    }
  };
  document.addEventListener(here, ({ detail: message }) => {
    if (message.kind === 'return' || message.kind === 'throw') answer = message;
    else if (message.kind === 'settle') {
      const { resolve, reject } = waiting.get(message.id) ?? {};
      waiting.delete(message.id);
      if (message.isOk) resolve?.(unpack(message.value));
      else reject?.(new Error(String(message.value)));
    } else if (message.kind === 'call') {
      run(() => functions.get(message.id)?.(...message.args.map(unpack)));
    } else if (message.kind === 'expose') {
      run(() => {
        if (message.key in window)
          throw new Error('Cannot bind an API on top of an existing property');
        const value = frozen(unpack(message.value));
        Object.defineProperty(window, message.key, { value, enumerable: true });
      });
    }
  });
  return {
    expose: (key: string, api: unknown): unknown => call({ kind: 'expose', key, value: pack(api) }),
  };
}

/** Answers of the host to `invoke`, and what main sent. */
export type HostMessage =
  | { readonly kind: 'reply'; readonly id: number; readonly error?: string; readonly wire?: string }
  | { readonly kind: 'message'; readonly channel: string; readonly wire: string };
export type PageMessage =
  | { readonly kind: 'send' | 'invoke'; id: number; channel: string; wire: string; url: string }
  | { readonly kind: 'violation'; readonly text: string };

export interface WorldFacts {
  readonly process: object;
  /** Names of the binding to Node and of the function that Node calls. */
  readonly binding: string;
  readonly deliver: string;
}

/** The isolated world of a window's top frame. */
export function startPreload(
  facts: WorldFacts,
  encode: typeof encodeWire,
  decode: typeof decodeWire,
  bridge: ReturnType<typeof openBridge>,
  preload: (require: unknown, module: unknown, exports: unknown, process: unknown) => void,
): void {
  const host = (message: PageMessage): void =>
    (window[facts.binding] as (text: string) => void)(JSON.stringify(message));
  document.addEventListener('securitypolicyviolation', (event) => {
    const { violatedDirective, blockedURI, sourceFile, lineNumber } = event;
    host({
      kind: 'violation',
      text: `${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`,
    });
  });
  const ask = (kind: 'send' | 'invoke', id: number, channel: string, args: unknown[]): void =>
    host({ kind, id, channel, wire: encode(args), url: location.href });
  const listeners = new Map<string, Set<AnyFunction>>();
  const calls = new Map<number, { resolve: AnyFunction; reject: AnyFunction }>();
  let nextId = 1;
  const on = (channel: string, listener: AnyFunction): void =>
    void listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
  const off = (channel: string, listener: AnyFunction): void =>
    void listeners.get(channel)?.delete(listener);
  const ipcRenderer = {
    on,
    off,
    send: (channel: string, ...args: unknown[]) => ask('send', 0, channel, args),
    invoke: async (channel: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        ask('invoke', nextId, channel, args);
        calls.set(nextId++, { resolve, reject });
      }),
  };
  window[facts.deliver] = (message: HostMessage): void => {
    if (message.kind === 'message') {
      const args = decode(message.wire) as unknown[];
      for (const listener of listeners.get(message.channel) ?? []) listener({}, ...args);
      return;
    }
    const { resolve, reject } = calls.get(message.id) ?? {};
    calls.delete(message.id);
    if (message.error === undefined) resolve?.(decode(message.wire ?? ''));
    else reject?.(new Error(message.error));
  };
  const webUtils = {
    // Synchronous in Electron: the page stops here until Node, as its debugger, has put the path in.
    getPathForFile: function electronPathOfFile(_file: unknown): string {
      // oxlint-disable-next-line prefer-const -- the debugger sets it
      let answer = '';
      // oxlint-disable-next-line no-debugger
      debugger;
      return answer;
    },
  };
  const electron = { contextBridge: { exposeInMainWorld: bridge.expose }, ipcRenderer, webUtils };
  const requireModule = (name: string): unknown => {
    if (name === 'electron') return electron;
    throw new Error(`module not found: ${name}`);
  };
  const module = { exports: {} };
  preload(requireModule, module, module.exports, facts.process);
}
