// Words of the screen setup.

export const setup = {
  title: 'Protect my CRM',
} as const;
