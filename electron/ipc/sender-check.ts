// Who may speak to the shell: the top frame of our own window, showing our own pages. Everybody else is refused.

/** What a message says about where it comes from. */
export interface Sender {
  readonly isOwnWindow: boolean;
  readonly isTopFrame: boolean;
  /** Of the frame; null when it is gone already. */
  readonly url: string | null;
}

/** True when a message of `sender` may be served; `origin` such as "app://holdfast". */
export function isTrusted(sender: Sender, origin: string): boolean {
  if (!sender.isOwnWindow || !sender.isTopFrame || sender.url === null) return false;
  // The origin of a scheme of our own is "null" for URL, so scheme and host are compared.
  const url = URL.canParse(sender.url) ? new URL(sender.url) : null;
  return url !== null && url.username === '' && `${url.protocol}//${url.host}` === origin;
}
