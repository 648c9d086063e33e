// Looks for a tray until there is one: at sign-in the desktop's host for it may come up after us, and whoever puts an
// extension in has one later still.
/** Between the looks, so often in the first minutes; the last one goes on. */
export const TRAY_LOOKS_MS = [2_000, 5_000, 15_000, 30_000, 60_000, 5 * 60_000] as const;

export interface TrayWatch {
  /** True: this desktop shows one. */
  readonly look: () => Promise<boolean>;
  /** Opens it; false: it did not work after all. */
  readonly open: () => boolean;
  readonly after: (ms: number, action: () => void) => unknown;
}

/** Resolves after the first look. */
export async function watchTray({ look, open, after }: TrayWatch): Promise<void> {
  const lookAgain = async (looks: number): Promise<void> => {
    if ((await look()) && open()) return;
    const pauseMs = TRAY_LOOKS_MS[Math.min(looks, TRAY_LOOKS_MS.length - 1)];
    if (pauseMs !== undefined) after(pauseMs, () => void lookAgain(looks + 1));
  };
  await lookAgain(0);
}
