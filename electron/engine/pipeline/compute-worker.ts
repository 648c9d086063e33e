// Entry of a compute worker thread: answers jobs one after the other. It owns nothing that must be closed.
import { parentPort } from 'node:worker_threads';
import { failureOf } from '../../../shared/model/backup-error.ts';
import { openFrame } from '../crypto/frame-cipher.ts';
import { packContent, type Effort } from '../crypto/frame-codec.ts';
import { giveBackMemory } from '../crypto/give-back-memory.ts';
import type { ChunkJob, ComputeJob, HashJob, OpenJob, PackJob, Packed } from './compute-jobs.ts';
import { hashPage, zeroPageHash } from '../format/page-digest.ts';
import { cutChunks, isZeros } from './content-defined-chunks.ts';
import { collectYoungGarbage } from './young-garbage.ts';
import { hashPages } from './hash-pages.ts';

if (parentPort === null) throw new Error('compute-worker runs as a worker thread only');
const port = parentPort;

port.on('message', ({ id, job }: { id: number; job: ComputeJob }) => {
  try {
    const { result, transfer } = run(job);
    port.postMessage({ id, result }, transfer);
  } catch (error) {
    port.postMessage({ id, failure: failureOf(error) });
  }
});

function run(job: ComputeJob): { result: unknown; transfer: ArrayBuffer[] } {
  if (job.kind === 'hash') return runHash(job);
  if (job.kind === 'chunk') return runChunk(job);
  return job.kind === 'pack' ? runPack(job) : runOpen(job);
}

function runChunk(job: ChunkJob) {
  const content = Buffer.from(job.buffer, 0, job.bytes);
  const lengths = job.isHuge ? [content.length] : cutChunks(content, job.isEnd);
  let at = 0;
  const hashes = lengths.map((length) => hashChunk(content.subarray(at, (at += length))));
  return { result: { lengths, hashes: Buffer.concat(hashes) }, transfer: [] };
}

function hashChunk(chunk: Buffer): Buffer {
  return isZeros(chunk) ? zeroPageHash(chunk.length) : hashPage(chunk);
}

function runHash(job: HashJob) {
  const content = Buffer.from(job.buffer, 0, job.bytes);
  const hashes = hashPages(content, job.pageSize);
  const packed = job.output === null ? null : pack(content, 'bulk', job.output);
  return { result: { hashes, packed }, transfer: transferable(hashes) };
}

function runPack(job: PackJob) {
  const content = Buffer.from(job.buffer, 0, job.bytes);
  return { result: { packed: pack(content, job.effort, job.output) }, transfer: [] };
}

/** The output is shared and used again: transferring a new buffer for each frame cost 60 MB of garbage at the peak. */
function pack(content: Buffer, effort: Effort, output: SharedArrayBuffer): Packed {
  const { codec, bytes } = packContent(content, effort);
  const { length } = bytes;
  new Uint8Array(output).set(bytes);
  // Content that does not shrink is the shared buffer itself, which stays.
  giveBackMemory(bytes);
  collectYoungGarbage();
  return { codec, length };
}

function runOpen(job: OpenJob) {
  const frameKey = { key: Buffer.from(job.key), objectHeader: Buffer.from(job.objectHeader) };
  const sealed = Buffer.from(job.sealed.buffer, job.sealed.byteOffset, job.sealed.byteLength);
  const content = openFrame(frameKey, job.counter, job.header, sealed, job.name);
  new Uint8Array(job.output).set(content);
  const isPages = job.pageSize !== null && content.length % job.pageSize === 0;
  const hashes = isPages && job.pageSize !== null ? hashPages(content, job.pageSize) : null;
  const { length } = content;
  giveBackMemory(content);
  giveBackMemory(sealed);
  const transfer = hashes === null ? [] : transferable(hashes);
  return { result: { length, hashes }, transfer };
}

/** Small buffers lie in Node's shared pool, which must not be transferred: they are cloned instead. */
function transferable(bytes: Uint8Array): ArrayBuffer[] {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength > 65_536 ? [buffer] : [];
}
