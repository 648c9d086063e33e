// The recovery kit as one self-contained page to print: no script, nothing fetched, every value escaped. Pure.
import { renderSVG } from 'uqr';
import type { RecoveryKit } from '../../shared/model/setup.ts';
import { kitWords } from '../../shared/text/kit-words.ts';
import type { Locale } from '../../shared/text/locale.ts';
import { formatMoment } from '../../shared/text/moments.ts';

const style = `
  @page { size: A4; margin: 16mm; }
  body { font: 10.5pt/1.45 "Segoe UI", "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", sans-serif; color: #000; margin: 0; }
  h1 { font-size: 20pt; margin: 0 0 2mm; }
  h2 { font-size: 12.5pt; margin: 6mm 0 1.5mm; border-bottom: 0.4mm solid #000; }
  p { margin: 0 0 2mm; }
  .key { display: flex; gap: 6mm; align-items: center; border: 0.4mm solid #000; padding: 4mm; break-inside: avoid; }
  .key svg { width: 34mm; height: 34mm; flex: none; }
  .key code { display: block; font-size: 15pt; line-height: 1.6; letter-spacing: 0.04em; }
  code { font-family: Consolas, Menlo, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
  dl { display: grid; grid-template-columns: 42mm 1fr; gap: 1mm 4mm; margin: 0; }
  dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
  ol { margin: 0; padding-left: 6mm; } li { margin: 0 0 1mm; }
`;

/** A whole HTML document; moments as the wall clock in `zone` shows them. */
export function kitPage(kit: RecoveryKit, locale: Locale, zone: string): string {
  const words = kitWords[locale];
  const fact = (term: string, value: string): string =>
    `<dt>${escaped(term)}</dt><dd>${escaped(value)}</dd>`;
  const steps = (list: readonly string[]): string =>
    `<ol>${list.map((step) => `<li>${escaped(step)}</li>`).join('')}</ol>`;
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(words.fileName(kit.planName))}</title>
<style>${style}</style>
</head>
<body>
<h1>Holdfast · ${escaped(words.title)}</h1>
<p>${escaped(words.keepSafe)}</p>
<h2>${escaped(words.recoveryKey)}</h2>
<div class="key">${qrCode(kit.recoveryKey)}<div><code>${keyLines(kit.recoveryKey)}</code><p>${escaped(words.keyHint)}</p></div></div>
<h2>${escaped(words.what)}</h2>
<dl>${fact(words.plan, kit.planName)}${kit.sources.map((source) => fact(words.sources, source)).join('')}</dl>
<h2>${escaped(words.where)}</h2>
<dl>${fact(words.place, kit.place)}${fact(words.vault, kit.vault)}${fact(words.madeAt, formatMoment(kit.madeAtMs, zone))}</dl>
<h2>${escaped(words.withApp)}</h2>
${steps(words.withAppSteps)}
<h2>${escaped(words.withoutApp)}</h2>
${steps(words.withoutAppSteps)}
<p>${escaped(words.readerDigest)}: <code>${escaped(kit.readerSha256)}</code><br>${escaped(words.readerDigestHint)}</p>
</body>
</html>
`;
}

/** A name that every system takes, from the plan's. */
export function kitFileName(planName: string, locale: Locale): string {
  const plain = planName.replaceAll(/[\p{Cc}<>:"/\\|?*]/gu, '-').slice(0, 80);
  return kitWords[locale].fileName(plain);
}

/** Four groups a line, each whole: it is typed again from paper. */
function keyLines(key: string): string {
  const groups = key.split(/[\s-]+/u);
  const lines = Array.from({ length: Math.ceil(groups.length / 4) }, (_, line) =>
    groups.slice(line * 4, line * 4 + 4).join('-'),
  );
  return lines.map(escaped).join('-<br>');
}

// Level M: a fold or a stain over a seventh of it does no harm.
const qrCode = (text: string): string => renderSVG(text, { ecc: 'M', border: 2 });

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/gu, (mark) => entities[mark] ?? '');
