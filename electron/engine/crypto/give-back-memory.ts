// Gives the memory of a large buffer back at once. Buffers of zlib and crypto die young, but V8 lets 64 MB of them
// pile up in each thread before it collects; in four threads that was 100 MB of resident memory (measured).

/** Smaller ones may share a block of Node's pool with others. */
const OWN_BLOCK_BYTES = 65_536;

/** Makes `bytes` empty. The caller made it, or was given it, and nobody else has it. */
export function giveBackMemory(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength > OWN_BLOCK_BYTES) buffer.transfer(0);
}
