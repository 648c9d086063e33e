/**
 * Draws lines of a terminal, with their colours, as one SVG that needs no font of its own. Each piece of text is given
 * its place and length on a grid of cells, so that columns stay columns in every font; light and dark go by the reader.
 */

interface Piece {
  readonly text: string;
  readonly column: number;
  readonly cells: number;
  /** Class names of its look, such as `bold green`. */
  readonly look: string;
}

const cellWidth = 8.4;
const lineHeight = 20;
const fontSize = 14;
const margin = 20;
const barHeight = 36;

/** SGR codes that the demo uses. */
const lookOfCode: Readonly<Record<string, string>> = {
  '1': 'bold',
  '2': 'dim',
  '31': 'red',
  '32': 'green',
  '36': 'cyan',
};

const style = `
  .frame { fill: #ffffff; stroke: #d0d7de }
  .bar { fill: #f6f8fa }
  .dot { fill: #d0d7de }
  text { font: ${fontSize}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace; fill: #1f2328; white-space: pre }
  .bold { font-weight: 600 }
  .dim, .title { fill: #656d76 }
  .green { fill: #1a7f37 }
  .cyan { fill: #0550ae }
  .red { fill: #cf222e }
  @media (prefers-color-scheme: dark) {
    .frame { fill: #0d1117; stroke: #30363d }
    .bar { fill: #161b22 }
    .dot { fill: #30363d }
    text { fill: #e6edf3 }
    .dim, .title { fill: #8d96a0 }
    .green { fill: #3fb950 }
    .cyan { fill: #79c0ff }
    .red { fill: #ff7b72 }
  }`;

/** `title` is the command that printed the lines. */
export function drawTerminal(title: string, lines: readonly string[]): string {
  const pieces = lines.map(readPieces);
  const columns = Math.max(...pieces.flat().map(({ column, cells }) => column + cells));
  const width = Math.ceil(columns * cellWidth + 2 * margin);
  const height = barHeight + lines.length * lineHeight + 2 * margin - 6;
  const dots = [0, 1, 2]
    .map((index) => `<circle class="dot" cx="${margin + 4 + index * 18}" cy="18" r="5.5"/>`)
    .join('');
  const text = pieces.flatMap((line, row) =>
    line.map((piece) => drawPiece(piece, barHeight + margin + row * lineHeight + 10)),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Output of ${title}">
<style>${style}
</style>
<rect class="frame" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
<path class="bar" d="M1 ${barHeight}V9a8 8 0 0 1 8-8H${width - 9}a8 8 0 0 1 8 8V${barHeight}z"/>
${dots}<text class="title" x="${width / 2}" y="23" text-anchor="middle">${title}</text>
${text.join('\n')}
</svg>
`;
}

function drawPiece({ text, column, cells, look }: Piece, y: number): string {
  const place = `x="${round(margin + column * cellWidth)}" y="${y}" textLength="${round(cells * cellWidth)}"`;
  return `<text ${look === '' ? '' : `class="${look}" `}${place} lengthAdjust="spacingAndGlyphs">${escape(text)}</text>`;
}

/** A code, two or more blanks, or text up to one of them. */
const partsOfLine = new RegExp(String.raw`\u001b\[(\d+)m|( {2,})|((?:(?! {2})[^\u001b])+)`, 'gu');

/** Parts a line where its look changes and where two or more blanks stand. */
function readPieces(line: string): Piece[] {
  const pieces: Piece[] = [];
  let [column, looks]: [number, readonly string[]] = [0, []];
  for (const [, code, blanks, text] of line.matchAll(partsOfLine)) {
    if (code !== undefined) looks = applyCode(looks, code);
    const cells = cellsOf(blanks ?? text ?? '');
    if (text !== undefined && text.trim() !== '')
      pieces.push({ text, column, cells, look: looks.join(' ') });
    column += cells;
  }
  return pieces;
}

function applyCode(looks: readonly string[], code: string): readonly string[] {
  const look = lookOfCode[code];
  if (look !== undefined) return [...looks, look];
  if (code === '22') return looks.filter((each) => each !== 'bold' && each !== 'dim');
  if (code === '39') return looks.filter((each) => each === 'bold' || each === 'dim');
  throw new Error(`the picture does not know the code ${code}`);
}

/** Chinese characters take two cells. */
const cellsOf = (text: string): number =>
  Array.from(text).reduce((sum, each) => sum + (/\p{Script=Han}/u.test(each) ? 2 : 1), 0);

const round = (value: number): number => Math.round(value * 10) / 10;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
