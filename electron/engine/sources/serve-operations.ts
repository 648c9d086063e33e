// The worker's message loop: takes calls, runs their handlers, answers. Failures cross as data.
// Handlers run as the calls arrive; one that awaits lets the next begin, so order within a capture is the capture's task.
import type { MessagePort } from 'node:worker_threads';
import { failureOf } from '../../../shared/model/backup-error.ts';
import type { Handler, Handlers, OperationName, Reply, Request } from './operations.ts';

/** Answers calls on `port` until the thread ends. */
export function serveOperations(port: MessagePort, handlers: Handlers): void {
  const running = new Map<number, AbortController>();
  const send = (reply: Reply): void => port.postMessage(reply);

  const serve = async (call: Extract<Request, { kind: 'call' }>): Promise<void> => {
    const { id } = call;
    const controller = new AbortController();
    running.set(id, controller);
    try {
      // The host's types made this input; the thread boundary only forgot them.
      const handler = handlers[call.name] as Handler<OperationName>;
      const value = await handler(call.input as never, {
        signal: controller.signal,
        report: (progress) => send({ kind: 'progress', id, progress }),
      });
      send({ kind: 'value', id, value });
    } catch (error) {
      send({ kind: 'failure', id, failure: failureOf(error) });
    } finally {
      running.delete(id);
    }
  };

  port.on('message', (request: Request) => {
    if (request.kind === 'cancel') running.get(request.id)?.abort();
    else void serve(request);
  });
}
