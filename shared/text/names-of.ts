// Long lists are cut in words for people; the whole list stays in the failure's facts.

/** The first few names of a list, and how many more there are. */
export function namesOf(names: readonly string[], more: (count: number) => string): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} ${more(names.length - 3)}` : shown;
}
