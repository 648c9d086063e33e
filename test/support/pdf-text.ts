/** The words on a PDF that Chromium printed: enough of the format to read its text back, in the order it was drawn. */
import { inflateSync } from 'node:zlib';

/** Throws for what is no PDF. Blanks are where the printer moved the pen. */
export function pdfText(pdf: Buffer): string {
  const text = pdf.toString('latin1');
  if (!text.startsWith('%PDF-')) throw new Error('not a PDF');
  const objects = new Map<string, string>();
  for (const [, id = '', body = ''] of text.matchAll(/^(\d+) 0 obj\b(.*?)^endobj\b/gmsu)) {
    objects.set(id, body);
  }
  const contents = [...objects.values()].map(streamOf);
  const fonts = new Map<string, ReadonlyMap<string, string>>();
  for (const body of objects.values()) {
    for (const [, name = '', id = ''] of body.matchAll(/\/(F\d+) (\d+) 0 R/gu)) {
      const [, map = ''] = /\/ToUnicode (\d+) 0 R/u.exec(objects.get(id) ?? '') ?? [];
      fonts.set(name, readMap(streamOf(objects.get(map) ?? '')));
    }
  }
  return contents
    .filter((content) => content.includes(' Tf'))
    .map((content) => readContent(content, fonts))
    .join('\n');
}

function streamOf(body: string): string {
  const start = /\bstream\r?\n/u.exec(body);
  if (start === null) return '';
  const bytes = Buffer.from(body.slice(start.index + start[0].length), 'latin1');
  return body.includes('/FlateDecode') ? inflateSync(bytes).toString('latin1') : '';
}

const unhex = (hex: string): string => Buffer.from(hex, 'hex').swap16().toString('utf16le');

/** Glyphs to characters, as a font's ToUnicode says. */
function readMap(cmap: string): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [, list = ''] of cmap.matchAll(/beginbfchar(.*?)endbfchar/gsu)) {
    for (const [, from = '', to = ''] of list.matchAll(/<(\w+)> <(\w+)>/gu)) {
      map.set(from.toLowerCase(), unhex(to));
    }
  }
  for (const [, list = ''] of cmap.matchAll(/beginbfrange(.*?)endbfrange/gsu)) {
    for (const [, from = '', last = '', to = ''] of list.matchAll(/<(\w+)> <(\w+)> <(\w{4})>/gu)) {
      for (let glyph = parseInt(from, 16); glyph <= parseInt(last, 16); glyph += 1) {
        const character = parseInt(to, 16) + glyph - parseInt(from, 16);
        map.set(glyph.toString(16).padStart(from.length, '0'), String.fromCharCode(character));
      }
    }
  }
  return map;
}

function readContent(
  content: string,
  fonts: ReadonlyMap<string, ReadonlyMap<string, string>>,
): string {
  let text = '';
  let font: ReadonlyMap<string, string> = new Map();
  for (const [, name, hex, pen] of content.matchAll(/\/(F\d+) \S+ Tf|<(\w+)>|(\bT[dm]\b)/gu)) {
    if (name !== undefined) font = fonts.get(name) ?? new Map();
    for (const glyph of glyphsOf(hex ?? '', font)) text += font.get(glyph) ?? '?';
    if (pen !== undefined) text += ' ';
  }
  return text;
}

/** A font's glyphs have one or two bytes each, as its map has them. */
function glyphsOf(hex: string, font: ReadonlyMap<string, string>): readonly string[] {
  const [sample = '0000'] = font.keys();
  return hex.toLowerCase().match(new RegExp(`.{${sample.length}}`, 'gu')) ?? [];
}
