process.parentPort.on('message', ({ data }) => {
  if (data.kind === 'end') process.exit(data.code);
  const { send } = process;
  process.parentPort.postMessage({ ...data, type: process.type, send: typeof send, at: data.at });
});
// It has work of its own: only its parent's end, or being told, ends it.
setInterval(() => undefined, 60_000);
