// Words of the screen connect.

export const connect = {
  title: 'I have copies',
} as const;
