// Objects that say no: a member or an event that the stand-in lacks throws, and so does a destroyed object. A product
// that uses more of Electron than is there fails at once instead of passing by accident.
import { EventEmitter } from 'node:events';

/** Hears each refusal: the app may swallow what was thrown. */
export const onRefusal = { tell: (_text: string): void => undefined };
function refuse(text: string): never {
  onRefusal.tell(text);
  throw new Error(text);
}

/** `known`: the names of all events, separated by spaces; listening to another one throws. */
export function createEmitter(name: string, known: string): EventEmitter {
  const events = new Set(known.split(' '));
  const emitter = new EventEmitter();
  emitter.on('newListener', (event: string | symbol) => {
    if (typeof event === 'string' && event !== 'removeListener' && !events.has(event)) {
      refuse(`${name} has no event '${event}' in the stand-in of electron`);
    }
  });
  return emitter;
}

/** Joins `members` to `base` (an emitter, or nothing) behind a guard. */
export function strictly<T extends object>(
  name: string,
  members: Partial<T>,
  base: object = {},
  isDestroyed: () => boolean = () => false,
): T {
  const target = Object.defineProperties(base, Object.getOwnPropertyDescriptors(members));
  const check = (key: string | symbol): void => {
    if (typeof key === 'symbol' || key === 'then' || key === 'toJSON' || key === 'domain') return;
    if (!(key in target)) refuse(`${name}.${key} is not in the stand-in of electron`);
    // Listeners may still be taken off, as in Electron.
    const isHarmless = key in EventEmitter.prototype || key.startsWith('_') || key === 'id';
    if (isDestroyed() && key !== 'isDestroyed' && !isHarmless) {
      throw new TypeError(`Object has been destroyed (${name}.${key})`);
    }
  };
  return new Proxy(target, {
    get(object, key) {
      check(key);
      return Reflect.get(object, key) as unknown;
    },
    set(object, key, value) {
      check(key);
      return Reflect.set(object, key, value);
    },
  }) as T;
}

/** Emits with an event object first; false when a listener prevented the default. */
export function emitPreventable(emitter: EventEmitter, name: string, ...rest: unknown[]): boolean {
  const event = createEvent();
  emitter.emit(name, event, ...rest);
  return !event.defaultPrevented;
}

export function createEvent<T extends object>(facts: T = {} as T) {
  const event = { defaultPrevented: false, preventDefault: () => {}, ...facts };
  event.preventDefault = () => {
    event.defaultPrevented = true;
  };
  return event;
}

/** What Electron's IPC does to a value; throws for what cannot be cloned. */
export function cloned<T>(value: T): T {
  try {
    return structuredClone(value);
  } catch {
    throw new TypeError('An object could not be cloned.');
  }
}
