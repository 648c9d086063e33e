// The page for a window that keeps crashing: words only.
import type { Locale } from '../../shared/text/locale.ts';
import { trayWords } from '../../shared/text/tray-words.ts';

export function crashHtml(locale: Locale): string {
  const { title, body } = trayWords[locale].crashed;
  return `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>Holdfast</title></head><body><h1>${title}</h1><p>${body}</p></body></html>`;
}
