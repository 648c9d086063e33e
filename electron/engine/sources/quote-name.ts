// Names as SQL identifiers. A table or column may be called anything, quotes and keywords too.

/** `name` in double quotes. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
