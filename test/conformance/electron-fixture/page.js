globalThis.pageOwn = 1;
globalThis.told = [];
globalThis.stop = fixture.onTold((...args) => told.push(args));
globalThis.dropped = [];
document.addEventListener('dragover', (event) => event.preventDefault());
document.addEventListener('drop', (event) => {
  event.preventDefault();
  dropped.push(...[...event.dataTransfer.files].map((file) => fixture.pathOfFile(file)));
});
