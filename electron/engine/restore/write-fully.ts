// Writing all of a buffer: one call of the system may take less.
import type { FileHandle } from 'node:fs/promises';

/** Writes `bytes` at `position`. */
export async function writeFully(
  file: FileHandle,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
