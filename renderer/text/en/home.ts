// Words of the screen home.

export const home = {
  title: 'Home',
} as const;
