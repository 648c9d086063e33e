// Large shared buffers that are used again and again, by size: the garbage collector hardly sees how much they hold.
export interface SharedBuffers {
  take(bytes: number): SharedArrayBuffer;
  /** Nobody reads or writes it any more. */
  give(buffer: SharedArrayBuffer): void;
}

export function createSharedBuffers(): SharedBuffers {
  const free = new Map<number, SharedArrayBuffer[]>();
  return {
    take: (bytes) => free.get(bytes)?.pop() ?? new SharedArrayBuffer(bytes),
    give(buffer) {
      const same = free.get(buffer.byteLength) ?? [];
      free.set(buffer.byteLength, same);
      same.push(buffer);
    },
  };
}
