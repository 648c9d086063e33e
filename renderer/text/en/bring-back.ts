// Words of the screen bring-back.

export const bringBack = {
  title: 'Bring something back',
} as const;
