/**
 * Captures one source in a process of its own and says what came of it, so that it can run as another user.
 *
 *   node test/support/capture-process.ts SOURCE COPY
 */
import { failureOf } from '../../shared/model/backup-error.ts';
import { openSourceHost } from '../../electron/engine/sources/source-host.ts';
import { captureToFile } from './capture-to-file.ts';
import { sourceWorkerUrl } from './source-worker-url.ts';
import { realClock } from './test-clock.ts';

const [source, copy] = process.argv.slice(2);
if (source === undefined || copy === undefined) throw new Error('which source, which copy?');
await using host = await openSourceHost({ workerUrl: sourceWorkerUrl, clock: realClock });
try {
  const { label } = await captureToFile(host, source, copy);
  console.log(JSON.stringify({ label }));
} catch (error) {
  console.log(JSON.stringify({ failure: failureOf(error) }));
}
