// Names of the channels between a window and the shell. A module of its own without zod: the preload script holds it too.

/** From the window: `(name, input)`; answered with a `Reply`. */
export const callChannel = 'holdfast:call';

/** To the window: an `AppEvent`. */
export const eventChannel = 'holdfast:event';
