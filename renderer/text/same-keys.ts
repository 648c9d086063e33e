// The shape of a translation: the same keys, other words.

/** A key such as `contacts_one` is a form of `contacts` that a language without plurals does not have. */
export type SameKeys<T> = {
  readonly [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string
    ? string
    : SameKeys<T[K]>;
};
