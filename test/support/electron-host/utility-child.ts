// Loaded first in a utility process: gives it `process.parentPort`, and takes away the channel of a forked Node, which a
// real utility process does not have. It ends with its parent.
import type { ParentPort } from 'electron';
import { cloned, createEmitter, strictly } from './strict.ts';

const send = process.send?.bind(process);
const emitter = createEmitter('parentPort', 'message');
process.on('message', (data) => emitter.emit('message', { data, ports: [] }));
process.once('disconnect', () => process.exit(0));
delete process.send;

const parentPort = strictly<ParentPort>(
  'parentPort',
  { postMessage: (message) => void send?.(cloned(message)) },
  emitter,
);
Object.defineProperty(process, 'parentPort', { value: parentPort, enumerable: true });
Object.defineProperty(process, 'type', { value: 'utility', enumerable: true });

const listen = process.on.bind(process);
process.on = process.addListener = (event: never, listener: never) => {
  if (['message', 'disconnect'].includes(event)) {
    throw new Error(`a utility process has no '${String(event)}': use process.parentPort`);
  }
  return listen(event, listener);
};
