// Where the app is in its life. Apart from `app`, because others must know without importing it.
let phase: 'starting' | 'ready' = 'starting';

export const isReady = (): boolean => phase === 'ready';

export function becomeReady(): void {
  phase = 'ready';
}

export function needReady(what: string): void {
  if (!isReady()) throw new Error(`${what} cannot be used before the app is ready`);
}
