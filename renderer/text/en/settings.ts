// Words of the screen settings.

export const settings = {
  title: 'Settings',
} as const;
