process.parentPort.on('message', ({ data }) => {
  if (data.kind === 'end') process.exit(data.code);
  const { send } = process;
  process.parentPort.postMessage({ ...data, type: process.type, send: typeof send, at: data.at });
});
