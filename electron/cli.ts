// The command line's entry: plain Node, no Electron. Puts the parts together and turns signals into a cancellation.
import manifest from '../package.json' with { type: 'json' };
import { EXIT_CANCELLED } from '../shared/model/exit-code.ts';
import { runCli } from './cli/run-cli.ts';
import { keepYoungGenerationSmall } from './engine/pipeline/young-garbage.ts';
import { systemClock, systemRandom } from './platform/system-clock.ts';

keepYoungGenerationSmall();
const cancelling = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second one does not wait: what was begun is garbage then, never a lie.
    if (cancelling.signal.aborted) process.exit(EXIT_CANCELLED);
    cancelling.abort();
  });
}

process.exitCode = await runCli({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  clock: systemClock,
  random: systemRandom,
  workers: {
    source: new URL('./engine/sources/source-worker.ts', import.meta.url),
    compute: new URL('./engine/pipeline/compute-worker.ts', import.meta.url),
  },
  version: manifest.version,
  signal: cancelling.signal,
});
