// Changes of one small file, one after the other: each puts back what it read, and would take another's change back.
// Within this process; two processes change these files only for a person who does two things at once.

const last = new Map<string, Promise<unknown>>();

/** Runs `change` when earlier changes of the file at `path` are over. */
export async function inTurn<T>(path: string, change: () => Promise<T>): Promise<T> {
  const turn = (last.get(path) ?? Promise.resolve()).then(change);
  const end = turn.catch(() => undefined);
  last.set(path, end);
  try {
    return await turn;
  } finally {
    if (last.get(path) === end) last.delete(path);
  }
}
