#!/usr/bin/env node
// Holdfast's emergency reader: gives back what lies in a Holdfast vault without Holdfast.
//
// One file, Node.js 22.15 or newer, nothing else. It only reads the vault, writes only below the folder that it is
// given, overwrites nothing, and gives a file its name after every byte of it was checked. What it cannot prove it
// calls `NAME.damaged`. It was written from FORMAT.md alone; the section numbers below are those of that document.
//
// Exit codes: 0 done, 1 something was left out or went wrong, 2 wrong usage, 5 wrong key, 6 damaged.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import util from 'node:util';
import zlib from 'node:zlib';

if (typeof zlib.zstdDecompressSync !== 'function') {
  console.error(
    `This script needs Node.js 22.15 or newer, and this is Node.js ${process.version}.`,
  );
  console.error(
    'Get the current version from https://nodejs.org, then run the same command again.',
  );
  process.exit(1);
}

const USAGE = `Usage:
  node restore.mjs list                              show the restore points
  node restore.mjs restore POINT|latest DIR          bring one back into the folder DIR
  node restore.mjs check                             read and check every byte of every restore point
Options:
  --vault FOLDER      the vault, if this script does not lie in it
  --only FILE         restore this file or folder only, named as in the restored folder
  --windows-names     change names that Windows does not accept (always done on Windows)
The passphrase or recovery key is asked for, or taken from HOLDFAST_PASSPHRASE or HOLDFAST_RECOVERY_KEY.`;

const MIB = 1024 * 1024;
const FRAME_BYTES = 4 * MIB;
const CLOSING_BYTES = 256 * MIB;
const SEGMENT_PAGES = 4096;
/** Page entries held at a time, about 8 MB; a multiple of a segment. */
const SPAN_PAGES = 64 * SEGMENT_PAGES;
const HASH_BYTES = 16;
const PACK = 1;
const TABLE = 2;
const LIST = 3;
const MANIFEST = 4;
const LEASE = 5;
const HEARTBEAT = 6;
const LEASE_END = 7;
const NOTE = 8;
const MAX_BYTES = {
  [PACK]: 272 * MIB,
  [TABLE]: 1024 * MIB,
  [LIST]: 1024 * MIB,
  [MANIFEST]: 64 * MIB,
};
const OTHER_MAX_BYTES = 16 * MIB;

/** Ends the program with a message and an exit code. */
class Stop extends Error {
  constructor(exitCode, message) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Something in the vault is missing, cut or not authentic. */
class Damage extends Error {}

/** One file cannot be written as asked; the others can. */
class Refusal extends Error {}

// ---- Small things --------------------------------------------------------------------------------------------------

const sha256 = (bytes) => crypto.hash('sha256', bytes, 'buffer');
const hkdf = (ikm, salt, info) => Buffer.from(crypto.hkdfSync('sha256', ikm, salt, info, 32));
const hex8 = (number) => number.toString(16).padStart(8, '0');

function decryptGcm(key, nonce, aad, sealed, tag) {
  const decipher = crypto.createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
  decipher.setAAD(aad).setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed), decipher.final()]);
}

/** A map that forgets what was used longest ago; `drop` is told. */
function recentlyUsed(limit, drop = () => {}) {
  const entries = new Map();
  return (key, make) => {
    const value = entries.has(key) ? entries.get(key) : make();
    entries.delete(key);
    entries.set(key, value);
    if (entries.size > limit) {
      const [oldest] = entries.keys();
      drop(entries.get(oldest));
      entries.delete(oldest);
    }
    return value;
  };
}

// What JSON must look like. A shape is a test, a list of one shape, or an object of shapes.
const isNumber = (value) => Number.isFinite(value);
const isText = (value) => typeof value === 'string';
const isSize = (value) => Number.isSafeInteger(value) && value >= 0;
const isId = (value) => isText(value) && /^[0-9a-f]{32}$/.test(value);
const isHex = (bytes) => (value) =>
  isText(value) && value.length === bytes * 2 && /^[0-9a-f]*$/.test(value);
const isOne =
  (...values) =>
  (value) =>
    values.includes(value);
const orNull = (shape) => (value) => value === null || fits(value, shape);
const isPair = (value) => fits(value, [isSize]) && value.length === 2;

function fits(value, shape) {
  if (typeof shape === 'function') return shape(value);
  if (Array.isArray(shape))
    return Array.isArray(value) && value.every((item) => fits(item, shape[0]));
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(shape).every((name) => fits(value[name], shape[name]));
}

function parseJson(bytes, shape, what) {
  try {
    const value = JSON.parse(bytes.toString('utf8'));
    if (fits(value, shape)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Damage(`its ${what} is not as the format says`);
}

// ---- Messages ------------------------------------------------------------------------------------------------------

/** Names come from the vault: control characters must not reach the terminal. */
const printable = (text) => text.replace(/(?!\n)\p{Cc}/gu, '?');

const reported = new Set();
const clearLine = process.stderr.isTTY ? '\r\x1b[K' : '';

function say(text) {
  process.stderr.write(clearLine);
  console.log(printable(text));
}

/** Says once what is wrong with an object or a file. */
function report(name, what) {
  const line = printable(`! ${name}: ${what}`);
  if (!reported.has(line)) console.error(clearLine + line);
  reported.add(line);
}

function showProgress(text) {
  if (process.stderr.isTTY) process.stderr.write(clearLine + printable(text));
}

/** Runs `action`; damage is reported under `name` and gives null. */
function orReport(name, action) {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    report(name, error.message);
    return null;
  }
}

function sizeText(bytes) {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = Math.min(4, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  return `${(bytes / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}

const timeText = ({ ms, offsetMinutes, zone, doubtful }) =>
  `${new Date(ms + offsetMinutes * 60000).toISOString().slice(0, 16).replace('T', ' ')} ${zone}${doubtful ? ' (doubtful)' : ''}`;

// ---- Keys (section 2) ----------------------------------------------------------------------------------------------

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The 20 bytes of a recovery key, `null` if the text is none, or the number of the first mistyped group. */
function decodeRecoveryKey(text) {
  const plain = text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '');
  const symbols = [...plain.replace(/O/g, '0').replace(/[IL]/g, '1')].map((c) =>
    ALPHABET.indexOf(c),
  );
  if (symbols.length !== 40 || symbols.includes(-1)) return null;
  let bits = '';
  for (let group = 0; group < 8; group += 1) {
    const data = symbols.slice(group * 5, group * 5 + 4);
    // Multiplying by `a` is a shift by one, reduced by x^5 + x^2 + 1.
    const timesA = (x) => (x & 16 ? (x << 1) ^ 0b100101 : x << 1);
    const check = data.reduceRight((sum, symbol) => timesA(sum ^ symbol), 0) ^ group;
    if (check !== symbols[group * 5 + 4]) return group + 1;
    bits += data.map((symbol) => symbol.toString(2).padStart(5, '0')).join('');
  }
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

const isPower = (from, to) => (value) =>
  value >= 2 ** from && value <= 2 ** to && Number.isInteger(Math.log2(value));
const keyHeaderShape = {
  format: isOne('holdfast-keys'),
  vaultId: isId,
  generation: isSize,
  passphrase: {
    kdf: isOne('scrypt'),
    N: isPower(14, 18),
    r: isOne(8),
    p: isOne(1),
    salt: isHex(32),
    wrapped: isHex(48),
  },
  recovery: { kdf: isOne('hkdf-sha256'), salt: isHex(32), wrapped: isHex(48) },
};

function readKeyHeader(folder, name) {
  const bytes = readWhole(folder, `keys/${name}`);
  const [line1, line2, mac, end] = bytes.toString('utf8').split('\n');
  if (end !== '' || sha256(line1).toString('hex') !== line2) throw new Damage('is damaged');
  const { version } = parseJson(line1, { version: isSize }, 'first line');
  if (version !== 1) throw new Stop(6, `This vault has keys of version ${version}. ${NEWER}`);
  const fields = parseJson(line1, keyHeaderShape, 'first line');
  if (hex8(fields.generation) !== name.slice(0, 8)) throw new Damage('is not what its name says');
  return { name, line1, mac, fields };
}

/** All readable key headers, newest generation first, each once. */
function readKeyHeaders(folder) {
  const names = listFolder(folder, 'keys').filter((name) => /^[0-9a-f]{8}\.[ab]$/.test(name));
  const generations = [...new Set(names.map((name) => name.slice(0, 8)))].reverse();
  const headers = new Map();
  for (const name of generations.flatMap((generation) => [`${generation}.a`, `${generation}.b`])) {
    const header = orReport(`keys/${name}`, () => readKeyHeader(folder, name));
    if (header !== null) headers.set(header.line1 + header.mac, header);
  }
  return [...headers.values()];
}

function unwrapMaster({ fields }, secret) {
  const { salt, wrapped, N, r, p } = fields[secret.slot];
  const saltBytes = Buffer.from(salt, 'hex');
  const key =
    secret.slot === 'passphrase'
      ? crypto.scryptSync(secret.text.normalize('NFKC'), saltBytes, 32, {
          N,
          r,
          p,
          maxmem: 512 * MIB,
        })
      : hkdf(secret.bytes, saltBytes, 'holdfast recovery');
  const vaultId = Buffer.from(fields.vaultId, 'hex');
  const aad = Buffer.concat([Buffer.from('holdfast wrap'), vaultId, Buffer.from(secret.slot)]);
  const bytes = Buffer.from(wrapped, 'hex');
  try {
    return decryptGcm(key, Buffer.alloc(12), aad, bytes.subarray(0, 32), bytes.subarray(32));
  } catch {
    return null;
  }
}

/** The vault's id and master key; stops with 5 when no secret fits, with 6 when no header can be used. */
function openKeys(folder, secrets) {
  const headers = readKeyHeaders(folder);
  if (headers.length === 0)
    throw new Stop(
      6,
      'No readable key header is left in the folder "keys": nothing can be opened.',
    );
  let isTampered = false;
  for (const secret of secrets) {
    for (const header of headers) {
      const master = unwrapMaster(header, secret);
      if (master === null) continue;
      const id = Buffer.from(header.fields.vaultId, 'hex');
      const mac = crypto
        .createHmac('sha256', hkdf(master, id, 'holdfast header mac'))
        .update(header.line1);
      if (mac.digest('hex') === header.mac) return { id, idText: header.fields.vaultId, master };
      isTampered = true;
      report(`keys/${header.name}`, 'was changed by somebody who does not have the key');
    }
  }
  if (isTampered) throw new Stop(6, 'No key header is authentic.');
  throw new Stop(
    5,
    `Wrong ${secrets.map(({ slot }) => (slot === 'recovery' ? 'recovery key' : slot)).join(' and ')}.`,
  );
}

/** Reads one line from the terminal without showing it. */
function ask(question) {
  return new Promise((resolve, reject) => {
    const input = process.stdin;
    let text = '';
    const end = (settle, value) => {
      input.setRawMode(false);
      input.pause();
      input.removeAllListeners('data');
      process.stderr.write('\n');
      settle(value);
    };
    process.stderr.write(question);
    input.setRawMode(true);
    input.setEncoding('utf8');
    input.on('data', (typed) => {
      for (const key of typed) {
        if (key === '\r' || key === '\n') return end(resolve, text);
        if (key === '\u0003') return end(reject, new Stop(130, 'Cancelled.'));
        if (key === '\b' || key === '\u007f') text = [...text].slice(0, -1).join('');
        else if (key >= ' ') text += key;
      }
    });
  });
}

const mistyped = (group) => `The recovery key is mistyped in its group ${group} of 8.`;

async function findSecrets() {
  const { HOLDFAST_PASSPHRASE: passphrase, HOLDFAST_RECOVERY_KEY: recovery } = process.env;
  const secrets = passphrase ? [{ slot: 'passphrase', text: passphrase }] : [];
  if (recovery) {
    const bytes = decodeRecoveryKey(recovery);
    if (bytes === null)
      throw new Stop(
        5,
        'HOLDFAST_RECOVERY_KEY is no recovery key: it has 8 groups of 5 letters and digits.',
      );
    if (typeof bytes === 'number') throw new Stop(5, mistyped(bytes));
    secrets.push({ slot: 'recovery', bytes });
  }
  if (secrets.length > 0) return secrets;
  if (!process.stdin.isTTY)
    throw new Stop(
      5,
      'Set HOLDFAST_PASSPHRASE or HOLDFAST_RECOVERY_KEY: there is no terminal to ask at.',
    );
  const text = await ask('Passphrase or recovery key (it is not shown): ');
  const bytes = decodeRecoveryKey(text);
  if (typeof bytes === 'number')
    report('what was typed', `if it is the recovery key: ${mistyped(bytes)}`);
  const asPassphrase = { slot: 'passphrase', text };
  return Buffer.isBuffer(bytes) ? [{ slot: 'recovery', bytes }, asPassphrase] : [asPassphrase];
}

// ---- Files of the vault --------------------------------------------------------------------------------------------

const MARKER = 'holdfast-vault.json';
const NEWER =
  'This script reads version 1: use the one that lies in the vault, or a newer Holdfast.';

function listFolder(folder, name) {
  try {
    return fs.readdirSync(path.join(folder, name)).sort();
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw new Stop(1, `The folder ${path.join(folder, name)} cannot be read (${error.code}).`);
  }
}

/** Turns what the system says of a vault's file into damage. */
function fromVault(action) {
  try {
    return action();
  } catch (error) {
    if (error instanceof Damage || error.code === undefined) throw error;
    throw new Damage(error.code === 'ENOENT' ? 'is missing' : `cannot be read (${error.code})`);
  }
}

/** A small file that is not sealed: the marker or a key header. */
function readWhole(folder, name) {
  const file = path.join(folder, name);
  return fromVault(() => {
    const info = fs.lstatSync(file);
    if (!info.isFile() || info.size > MIB) throw new Damage('is not a small plain file');
    return fs.readFileSync(file);
  });
}

function openFile(vault, name) {
  return vault.openFiles(name, () =>
    fromVault(() => {
      const file = path.join(vault.folder, name);
      // A link could lead out of the vault, a pipe would block for ever.
      if (!fs.lstatSync(file).isFile()) throw new Damage('is no plain file');
      const fd = fs.openSync(file, 'r');
      return { fd, size: fs.fstatSync(fd).size };
    }),
  );
}

function readAt(vault, name, at, length) {
  const { fd } = openFile(vault, name);
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length;) {
    const count = fromVault(() => fs.readSync(fd, bytes, done, length - done, at + done));
    if (count === 0) throw new Damage('is cut off');
    done += count;
  }
  vault.bytesRead += length;
  return bytes;
}

// ---- Sealed objects (section 3) ------------------------------------------------------------------------------------

/** What is needed to read an object; `names` are its copies. Nothing is opened yet. */
function sealedObject(vault, kind, id, names) {
  const idBytes = Buffer.from(id, 'hex');
  const version = Buffer.from([1, 0]);
  const header = Buffer.concat([
    Buffer.from('HOLDFAST'),
    version,
    Buffer.from([kind, 0, 0, 0, 0, 0]),
    idBytes,
  ]);
  const info = Buffer.concat([
    Buffer.from('holdfast object'),
    version,
    Buffer.from([kind]),
    idBytes,
  ]);
  return { vault, kind, id, header, names, key: hkdf(vault.master, vault.id, info) };
}

const inTwoCopies = (vault, kind, folder, id) =>
  sealedObject(
    vault,
    kind,
    id,
    ['a', 'b'].map((copy) => `${folder}/${id.slice(0, 2)}/${id}.${copy}`),
  );

function unpack(codec, sealed, length) {
  if (codec === 0) return sealed;
  // The bound is the frame's own: a bomb ends here.
  const options = { maxOutputLength: Math.max(length, 1), chunkSize: length + 64 };
  try {
    return codec === 1
      ? zlib.inflateRawSync(sealed, options)
      : zlib.zstdDecompressSync(sealed, options);
  } catch (error) {
    throw new Damage(`does not unpack (${error.code})`);
  }
}

/** One frame of one copy: its content and where the next one begins. */
function readFrameOf({ vault, header, key }, name, at, counter) {
  const frame = readAt(vault, name, at, 12);
  const n = frame.readUInt32LE(0);
  const r = frame.readUInt32LE(4);
  const [codec, flags] = frame.subarray(8, 10);
  if (
    r > FRAME_BYTES ||
    n > r ||
    codec > 2 ||
    flags > 1 ||
    frame.readUInt16LE(10) !== 0 ||
    (codec === 0 && n !== r)
  ) {
    throw new Damage(`frame ${counter} is damaged (its header)`);
  }
  const next = at + 28 + n;
  const isLast = flags === 1;
  if (isLast !== (next === openFile(vault, name).size - 24))
    throw new Damage(`is cut off or grown after frame ${counter}`);
  const bytes = readAt(vault, name, at + 12, n + 16);
  const count = Buffer.alloc(12);
  count.writeUInt32LE(counter, 4);
  try {
    const aad = Buffer.concat([header, count.subarray(4), frame]);
    const content = unpack(
      codec,
      decryptGcm(key, count, aad, bytes.subarray(0, n), bytes.subarray(n)),
      r,
    );
    if (content.length !== r) throw new Damage('has another length than its header says');
    return { content, next, isLast };
  } catch (error) {
    const what = error instanceof Damage ? error.message : 'not authentic';
    throw new Damage(`frame ${counter} is damaged (${what})`);
  }
}

/** Tries `read(name)` with each copy in turn; a damaged copy is reported. */
function withAnyCopy({ names }, read) {
  const failures = [];
  for (const name of names) {
    try {
      const value = read(name);
      failures.forEach(([other, what]) => report(other, `${what}; its other copy was used`));
      return value;
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      failures.push([name, error.message]);
    }
  }
  if (names.length === 1) throw new Damage(failures[0][1]);
  failures.forEach(([name, what]) => report(name, what));
  throw new Damage(`no copy of ${names[0].slice(0, -2)} can be read`);
}

const readFrame = (object, at, counter) =>
  withAnyCopy(object, (name) => readFrameOf(object, name, at, counter).content);

/** Contents of the closing frames of one copy, after its header, trailer and size were looked at. */
function closingFramesOf(object, name) {
  const { vault, kind, header } = object;
  const { size } = openFile(vault, name);
  if (size === 0) throw new Damage('is empty');
  if (size > (MAX_BYTES[kind] ?? OTHER_MAX_BYTES))
    throw new Damage('is larger than the format allows');
  if (size < 84) throw new Damage('is cut off');
  if (!readAt(vault, name, 0, 32).equals(header)) throw new Damage('has a wrong header');
  const trailer = readAt(vault, name, size - 24, 24);
  if (trailer.toString('latin1', 16) !== 'TSAFDLOH') throw new Damage('is cut off (no trailer)');
  let at = Number(trailer.readBigUInt64LE(0));
  let counter = trailer.readUInt32LE(8);
  if (
    at < 32 ||
    at > size - 52 ||
    (kind >= MANIFEST && at !== 32) ||
    (at === 32) !== (counter === 0)
  ) {
    throw new Damage('has a wrong trailer');
  }
  const contents = [];
  let total = 0;
  for (let isLast = false; !isLast; counter += 1) {
    const frame = readFrameOf(object, name, at, counter);
    contents.push(frame.content);
    total += frame.content.length;
    if (total > CLOSING_BYTES)
      throw new Damage('has a closing part larger than this script accepts');
    ({ next: at, isLast } = frame);
  }
  return contents;
}

const readClosingFrames = (object) => withAnyCopy(object, (name) => closingFramesOf(object, name));
const readClosingPart = (object) => Buffer.concat(readClosingFrames(object));

/** Where the frames of one copy begin, from their lengths; unproved until each frame is read. */
function walkFrames({ vault }, name) {
  const { size } = openFile(vault, name);
  const offsets = [];
  for (let at = 32; at + 28 <= size - 24 && offsets.length <= 65536;) {
    offsets.push(at);
    at += 28 + readAt(vault, name, at, 4).readUInt32LE(0);
  }
  return offsets;
}

// ---- Packs (section 4) ---------------------------------------------------------------------------------------------

const directoryShape = {
  frames: [
    (frame) =>
      fits(frame, { at: isSize, kind: isOne('pages'), file: isSize, runs: [isPair] }) ||
      fits(frame, { at: isSize, kind: isOne('chunks'), lengths: [isSize] }),
  ],
  files: [{ source: isId, path: isText, pageSize: isSize }],
};

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const slotsOf = (frame) =>
  frame.kind === 'pages' ? sum(frame.runs.map(([, count]) => count)) : frame.lengths.length;

function parseDirectory(closing) {
  const length = closing.length < 4 ? Infinity : closing.readUInt32LE(0);
  if (length > closing.length - 4) throw new Damage('its directory is not as the format says');
  const { frames, files } = parseJson(closing.subarray(4, 4 + length), directoryShape, 'directory');
  let firstHash = 0;
  for (const frame of frames) {
    frame.firstHash = firstHash;
    firstHash += slotsOf(frame);
  }
  const hashes = closing.subarray(4 + length);
  if (hashes.length !== firstHash * HASH_BYTES)
    throw new Damage('its directory and its hashes differ in number');
  return { frames, files, hashes };
}

/** A pack with its directory; where that is damaged, what is left of the frames can still be read. */
function openPack(vault, id) {
  return vault.openPacks(id, () => {
    const name = `packs/${id.slice(0, 2)}/${id}`;
    const object = sealedObject(vault, PACK, id, [name]);
    const directory = orReport(name, () => parseDirectory(readClosingPart(object)));
    if (directory !== null)
      return { name, object, directory, offsets: directory.frames.map(({ at }) => at) };
    const offsets = orReport(name, () => walkFrames(object, name)) ?? [];
    return { name, object, directory: null, offsets };
  });
}

/** Content of a frame of a pack, or null (reported). The newest few stay in memory. */
function frameContent(vault, packId, frame) {
  return vault.frames(`${packId}/${frame}`, () => {
    const { name, object, offsets } = openPack(vault, packId);
    if (frame >= offsets.length) return null;
    return orReport(name, () => readFrame(object, offsets[frame], frame));
  });
}

const isHashOf = (bytes, hashes, at) =>
  sha256(bytes).compare(hashes, at, at + HASH_BYTES, 0, HASH_BYTES) === 0;

function proved(content, at, length, hashes, hashAt) {
  const bytes = content?.subarray(at, at + length);
  return bytes?.length === length && isHashOf(bytes, hashes, hashAt) ? bytes : null;
}

/** A page that is lost at its place, from where a `replace` note says that it lies too (section 9). */
function findReplacement(vault, place, pageSize, hashes, hashAt, depth = 0) {
  vault.replacements = vault.replacements ?? readReplacements(vault);
  for (const next of vault.replacements.get(place.join('/')) ?? []) {
    const [packId, frame, slot] = next;
    const page = proved(
      frameContent(vault, packId, frame),
      slot * pageSize,
      pageSize,
      hashes,
      hashAt,
    );
    const found =
      page ??
      (depth < 8 ? findReplacement(vault, next, pageSize, hashes, hashAt, depth + 1) : null);
    if (found !== null) return found;
  }
  return null;
}

function readReplacements(vault) {
  const places = new Map();
  for (const { from, to, slots } of readNotes(vault, 'replace')) {
    for (const [frame, slot, toFrame, toSlot] of slots) {
      const key = `${from}/${frame}/${slot}`;
      places.set(key, [...(places.get(key) ?? []), [to, toFrame, toSlot]]);
    }
  }
  return places;
}

// ---- Page files (section 5) ----------------------------------------------------------------------------------------

const NO_PLACE = -1;
const ALL_ZEROS = -2;

/** Entries of the pages `from .. to - 1`: where each lies (`packs` is an index into `vault.packIds`), and its hash. */
function newSpan(pages, from, place) {
  const to = Math.min(from + SPAN_PAGES, pages.pageCount);
  const packs = new Int32Array(to - from).fill(place);
  const frames = new Uint16Array(to - from);
  const slots = new Uint16Array(to - from);
  const hashes = Buffer.alloc((to - from) * HASH_BYTES, zeroHash(pages));
  return { pages, from, to, packs, frames, slots, hashes };
}

function setPlace(span, page, pack, frame, slot, hashes, hashAt) {
  const index = page - span.from;
  span.packs[index] = pack;
  span.frames[index] = frame;
  span.slots[index] = slot;
  hashes.copy(span.hashes, index * HASH_BYTES, hashAt, hashAt + HASH_BYTES);
}

const zeroHash = ({ pageSize }) => sha256(Buffer.alloc(pageSize)).subarray(0, HASH_BYTES);

function packIndex(vault, id) {
  const known = vault.packIndexes.get(id);
  if (known !== undefined) return known;
  vault.packIndexes.set(id, vault.packIds.length);
  return vault.packIds.push(id) - 1;
}

const tableShape = { packs: [isId], segments: [{ at: isSize, first: isSize, last: isSize }] };

function openLevel(vault, id) {
  const object = inTwoCopies(vault, TABLE, 'tables', id);
  const { packs, segments } = parseJson(readClosingPart(object), tableShape, 'closing part');
  return { object, segments, packs: packs.map((pack) => packIndex(vault, pack)), next: 0 };
}

/** Puts the entries of one segment that lie in the span there. */
function applySegment(span, level, content, zero) {
  const hashesAt = content.length < 4 ? Infinity : 4 + 12 * content.readUInt32LE(0);
  if (hashesAt > content.length) throw new Damage('a segment is not as the format says');
  let hashAt = hashesAt;
  for (let at = 4; at < hashesAt; at += 12) {
    const first = content.readUInt32LE(at);
    const [count, pack, frame, slot] = [4, 6, 8, 10].map((offset) =>
      content.readUInt16LE(at + offset),
    );
    const isZero = pack === 65535;
    if (!isZero && pack >= level.packs.length)
      throw new Damage('a segment names a pack that is not in its list');
    if (!isZero && hashAt + count * HASH_BYTES > content.length)
      throw new Damage('a segment has too few hashes');
    for (let k = Math.max(0, span.from - first); k < count && first + k < span.to; k += 1) {
      if (isZero) setPlace(span, first + k, ALL_ZEROS, 0, 0, zero, 0);
      else
        setPlace(
          span,
          first + k,
          level.packs[pack],
          frame,
          slot + k,
          content,
          hashAt + k * HASH_BYTES,
        );
    }
    if (!isZero) hashAt += count * HASH_BYTES;
  }
  if (hashAt !== content.length) throw new Damage('a segment has too many hashes');
}

/** The entries of a page file from its tables, oldest level first: a newer entry replaces an older one. */
function* spansFromTables(vault, point, source) {
  const { pages } = source;
  const zero = zeroHash(pages);
  const levels = pages.levels.map((id) => openLevel(vault, id));
  for (let from = 0; from < pages.pageCount; from += SPAN_PAGES) {
    const span = newSpan(pages, from, NO_PLACE);
    for (const level of levels) {
      while (level.next < level.segments.length && level.segments[level.next].first < span.to) {
        const { at, last } = level.segments[level.next];
        applySegment(span, level, readFrame(level.object, at, level.next), zero);
        if (last >= span.to) break;
        level.next += 1;
      }
    }
    const missing = span.packs.indexOf(NO_PLACE);
    if (missing !== -1) throw new Damage(`the table has no entry for page ${from + missing}`);
    yield span;
  }
}

/** The same from the directories of the packs, when tables are lost: the newest slot of each page counts. */
function* spansFromPacks(vault, point, { id: source, pages }) {
  const isOurs = (file) =>
    file?.source === source && file.path === pages.path && file.pageSize === pages.pageSize;
  for (let from = 0; from < pages.pageCount; from += SPAN_PAGES) {
    const span = newSpan(pages, from, ALL_ZEROS);
    for (const { id } of point.packs) {
      const { directory } = openPack(vault, id);
      (directory?.frames ?? []).forEach((frame, number) => {
        if (frame.kind !== 'pages' || !isOurs(directory.files[frame.file])) return;
        let slot = 0;
        for (const [first, count] of frame.runs) {
          for (let k = Math.max(0, from - first); k < count && first + k < span.to; k += 1) {
            const hashAt = (frame.firstHash + slot + k) * HASH_BYTES;
            const pack = packIndex(vault, id);
            setPlace(span, first + k, pack, number, slot + k, directory.hashes, hashAt);
          }
          slot += count;
        }
      });
    }
    yield span;
  }
}

/** The digest of a page file, from its spans. */
function rootOf(pages, spans) {
  const sizes = Buffer.alloc(20);
  sizes.writeUInt32LE(pages.pageSize, 0);
  sizes.writeBigUInt64LE(BigInt(pages.pageCount), 4);
  sizes.writeBigUInt64LE(BigInt(pages.size), 12);
  const root = crypto.createHash('sha256').update('holdfast pages').update(sizes);
  for (const { hashes } of spans) {
    const step = SEGMENT_PAGES * HASH_BYTES;
    for (let at = 0; at < hashes.length; at += step)
      root.update(sha256(hashes.subarray(at, at + step)));
  }
  return root.digest('hex');
}

/** The way to a page file's entries whose root is the manifest's: its tables, else the packs' directories. */
function findSpans(vault, point, source) {
  const { pages } = source;
  const name = `point ${point.id.slice(0, 8)}, ${pages.path}`;
  let readable = null;
  for (const way of [spansFromTables, spansFromPacks]) {
    const root = orReport(name, () => rootOf(pages, way(vault, point, source)));
    if (root === pages.root) return { spans: () => way(vault, point, source), isProved: true };
    if (root !== null) {
      readable = readable ?? way;
      report(name, 'the digest is not the one that the restore point was made with');
    }
    if (way === spansFromTables) {
      report(name, 'its page tables cannot be used; made anew from the packs');
    }
  }
  return { spans: () => readable(vault, point, source), isProved: false };
}

/** The stored pages of a span by the frame that they lie in: indexes into the span. */
function* framesOfSpan({ packs, frames }) {
  const stored = packs.reduce((count, pack) => count + (pack >= 0 ? 1 : 0), 0);
  const keys = new Float64Array(stored);
  let next = 0;
  packs.forEach((pack, index) => {
    if (pack >= 0) keys[next++] = (pack * 65536 + frames[index]) * SPAN_PAGES + index;
  });
  keys.sort();
  for (let start = 0; start < stored;) {
    const frameKey = Math.floor(keys[start] / SPAN_PAGES);
    const indexes = [];
    for (; start < stored && Math.floor(keys[start] / SPAN_PAGES) === frameKey; start += 1)
      indexes.push(keys[start] % SPAN_PAGES);
    yield { pack: Math.floor(frameKey / 65536), frame: frameKey % 65536, indexes };
  }
}

/** Hands out every stored page of one frame, proved, as `write(bytes, firstPage)`; gives how many are lost. */
function readPages(vault, span, { pack, frame, indexes }, write) {
  const { pageSize } = span.pages;
  const packId = vault.packIds[pack];
  const content = frameContent(vault, packId, frame);
  let lost = 0;
  // Neighbours in the frame and in the file go out in one piece.
  let run = null;
  const flush = () => run && write(content.subarray(run.at, run.end), run.page);
  for (const index of indexes) {
    const at = span.slots[index] * pageSize;
    const page = span.from + index;
    if (proved(content, at, pageSize, span.hashes, index * HASH_BYTES) !== null) {
      if (run !== null && run.end === at && run.next === page) {
        run.end += pageSize;
        run.next += 1;
        continue;
      }
      flush();
      run = { at, end: at + pageSize, page, next: page + 1 };
      continue;
    }
    const place = [packId, frame, span.slots[index]];
    const replacement = findReplacement(vault, place, pageSize, span.hashes, index * HASH_BYTES);
    if (replacement === null) lost += 1;
    else write(replacement, page);
  }
  flush();
  return lost;
}

// ---- Folder lists (section 6) --------------------------------------------------------------------------------------

const isChunk = (value) =>
  Array.isArray(value) &&
  value.length === 5 &&
  fits(value.slice(0, 4), [isSize]) &&
  isHex(HASH_BYTES)(value[4]);
const entryShapes = {
  file: {
    path: isText,
    size: isSize,
    mode: isSize,
    mtimeMs: isNumber,
    sha256: isHex(32),
    chunks: [isChunk],
  },
  folder: { path: isText, mode: isSize, mtimeMs: isNumber },
  link: { path: isText, target: isText },
  removed: { path: isText },
};
const isEntry = (value) =>
  fits(value, { kind: isOne('file', 'folder', 'link', 'removed') }) &&
  fits(value, entryShapes[value.kind]) &&
  (value.kind !== 'file' || sum(value.chunks.map(([, , , length]) => length)) === value.size);
const listShape = { packs: [isId], segments: [{ at: isSize, first: isText, last: isText }] };

const compareBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

function openList(vault, id) {
  const object = inTwoCopies(vault, LIST, 'lists', id);
  return { object, lost: [], ...parseJson(readClosingPart(object), listShape, 'closing part') };
}

/** The entries of one level in order; what cannot be read stands in `list.lost`. A line may go on in the next frame. */
function* entriesOf(list) {
  let rest = Buffer.alloc(0);
  let previous = '';
  for (const [counter, segment] of list.segments.entries()) {
    const entries = orReport(list.object.names[0], () => {
      const bytes = Buffer.concat([rest, readFrame(list.object, segment.at, counter)]);
      const end = bytes.lastIndexOf(10) + 1;
      rest = bytes.subarray(end);
      if (rest.length > CLOSING_BYTES)
        throw new Damage('has a line that is larger than this script accepts');
      const lines = bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
      return lines.map((line) => parseJson(line, isEntry, 'entry'));
    });
    if (entries === null) {
      list.lost.push(segment);
      rest = Buffer.alloc(0);
    }
    for (const entry of entries ?? []) {
      if (compareBytes(previous, entry.path) >= 0 && previous !== '')
        throw new Damage('its entries are not in order');
      previous = entry.path;
      entry.list = list;
      yield entry;
    }
  }
  if (rest.length > 0) throw new Damage('its last line is cut off');
}

/** Files, folders and links of a source in the order of their paths: the newest level with an entry counts. */
function* readEntries(vault, source) {
  const levels = source.list.levels.map((id) => openList(vault, id)).reverse();
  const cursors = levels.map((list) => ({ list, entries: entriesOf(list) }));
  const advance = (cursor) => Object.assign(cursor, { entry: cursor.entries.next().value });
  cursors.forEach(advance);
  for (;;) {
    const open = cursors.filter(({ entry }) => entry !== undefined);
    if (open.length === 0) break;
    const [first] = open.map(({ entry }) => entry.path).sort(compareBytes);
    const newest = open.find(({ entry }) => entry.path === first);
    const { entry } = newest;
    const newer = levels.slice(0, levels.indexOf(newest.list));
    const isHidden = newer.some(({ lost }) =>
      lost.some((s) => compareBytes(s.first, first) <= 0 && compareBytes(first, s.last) <= 0),
    );
    open.filter((cursor) => cursor.entry.path === first).forEach(advance);
    if (!isHidden && entry.kind !== 'removed') yield entry;
  }
  if (levels.some(({ lost }) => lost.length > 0))
    throw new Damage('a part of its list of files is lost: files are missing');
}

/** Hands out the proved chunks of a file as `write(bytes, position)`; tells whether the whole file is right. */
function readChunks(vault, { list, chunks, sha256: expected }, write) {
  const whole = crypto.createHash('sha256');
  let position = 0;
  for (const [pack, frame, offset, length, hash] of chunks) {
    const content = pack < list.packs.length ? frameContent(vault, list.packs[pack], frame) : null;
    const bytes = proved(content, offset, length, Buffer.from(hash, 'hex'), 0);
    if (bytes !== null) {
      whole.update(bytes);
      write(bytes, position);
    }
    position += length;
  }
  return whole.digest('hex') === expected;
}

// ---- Restore points (sections 7 to 9) ------------------------------------------------------------------------------

const pagesShape = {
  path: isText,
  size: isSize,
  pageSize: isPower(9, 16),
  pageCount: isSize,
  mode: isSize,
  root: isHex(32),
  levels: [isId],
};

function arePages(value) {
  if (!fits(value, pagesShape) || value.pageCount > 2 ** 32 - 2) return false;
  const missing = value.pageSize * value.pageCount - value.size;
  return missing >= 0 && missing < value.pageSize;
}

const uses = [{ id: isId, bytes: isSize }];
const manifestShape = {
  version: isOne(1),
  vaultId: isId,
  id: isId,
  epoch: isSize,
  counter: isSize,
  kind: isOne('full', 'incremental', 'differential'),
  takenAt: {
    ms: (ms) => isNumber(ms) && Math.abs(ms) < 1e14,
    zone: isText,
    offsetMinutes: (m) => Math.abs(m) < 1e4,
  },
  sources: [
    (source) =>
      fits(source, {
        id: isId,
        kind: isOne('sqlite', 'page-file', 'folder', 'raw'),
        name: isText,
        label: isText,
        pages: orNull(arePages),
        list: orNull({ levels: [isId], files: isSize, bytes: isSize }),
      }) &&
      (source.kind === 'sqlite' || source.kind === 'page-file' ? source.pages : source.list) !==
        null,
  ],
  packs: uses,
  tables: uses,
  lists: uses,
};

/** The manifest of the point `name` (EEEEEEEE-CCCCCCCC-id), and its catalogue. */
function readManifest(vault, name, copies = ['a', 'b']) {
  const id = name.slice(18);
  const names = copies.map((copy) => `points/${name}.${copy}`);
  const frames = readClosingFrames(sealedObject(vault, MANIFEST, id, names));
  const body = parseJson(Buffer.concat(frames.slice(0, -1)), manifestShape, 'content');
  if (body.vaultId !== vault.idText) throw new Damage('is from another vault');
  if (body.id !== id || `${hex8(body.epoch)}-${hex8(body.counter)}` !== name.slice(0, 17))
    throw new Damage('is not the point of its name');
  return { ...body, fullName: name, catalogue: parseCatalogue(frames[frames.length - 1]) };
}

/** The points that a catalogue names, as the first 26 characters of their names. */
function parseCatalogue(bytes) {
  const count = bytes.length < 4 ? -1 : bytes.readUInt32LE(0);
  if (bytes.length !== 4 + 12 * count) throw new Damage('its catalogue is not as the format says');
  return Array.from({ length: count }, (_, index) => {
    const at = 4 + 12 * index;
    return `${hex8(bytes.readUInt32LE(at))}-${hex8(bytes.readUInt32LE(at + 4))}-${bytes.toString('hex', at + 8, at + 12)}`;
  });
}

/** A lease, its end or a note: one JSON object in one copy. The ids of the first two stand in their headers only. */
function readSmall(vault, kind, name, id, shape) {
  const known = id ?? readAt(vault, name, 16, 16).toString('hex');
  return parseJson(readClosingPart(sealedObject(vault, kind, known, [name])), shape, 'content');
}

/** The readable lease with the highest epoch: points of older epochs count only if it accepted them. */
function readLease(vault) {
  const names = listFolder(vault.folder, 'leases');
  for (const name of names.filter((text) => /^[0-9a-f]{8}$/.test(text)).reverse()) {
    const read = (kind, file, field) =>
      orReport(file, () => {
        const body = readSmall(vault, kind, file, null, { epoch: isSize, [field]: isText });
        if (hex8(body.epoch) !== name) throw new Damage('is not the lease of its name');
        return parseCatalogue(Buffer.from(body[field], 'base64'));
      });
    const accepted = read(LEASE, `leases/${name}`, 'accepted');
    if (accepted === null) continue;
    const end = names.includes(`${name}-end`)
      ? read(LEASE_END, `leases/${name}-end`, 'catalogue')
      : null;
    return { epoch: name, accepted: new Set(accepted), named: [...accepted, ...(end ?? [])] };
  }
  return null;
}

const noteShapes = {
  forget: { what: isOne('forget'), points: [isText] },
  adopt: { what: isOne('adopt'), points: [isText] },
  replace: {
    what: isOne('replace'),
    from: isId,
    to: isId,
    slots: [(slot) => fits(slot, [isSize]) && slot.length === 4],
  },
};

const noteNames = (vault) =>
  listFolder(vault.folder, 'notes').filter((name) =>
    /^[0-9a-f]{8}-[0-9a-f]{8}-[a-z]+-[0-9a-f]{32}$/.test(name),
  );

function readNotes(vault, what) {
  const names = noteNames(vault).filter((name) => name.slice(18, -33) === what);
  const read = (name) =>
    orReport(`notes/${name}`, () =>
      readSmall(vault, NOTE, `notes/${name}`, name.slice(-32), noteShapes[what]),
    );
  return names.flatMap((name) => {
    const note = read(name);
    return note === null ? [] : [{ ...note, epoch: name.slice(0, 8) }];
  });
}

/** What a writer said after its turn was over does not count: the newest lease still named the point. */
function readForgotten(vault, lease) {
  const isVoid = (epoch, point) =>
    lease !== null && epoch < lease.epoch && lease.accepted.has(point.slice(0, 26));
  return new Set(
    readNotes(vault, 'forget').flatMap(({ points, epoch }) =>
      points.filter((point) => !isVoid(epoch, point)),
    ),
  );
}

/** All restore points, oldest first, and what is known of those that cannot be read. */
function readPoints(vault) {
  const lease = readLease(vault);
  const forgotten = readForgotten(vault, lease);
  const adopted = new Set(readNotes(vault, 'adopt').flatMap(({ points }) => points));
  const files = listFolder(vault.folder, 'points').filter((name) =>
    /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}\.[ab]$/.test(name),
  );
  const names = [...new Set(files.map((name) => name.slice(0, -2)))].filter(
    (name) => !forgotten.has(name),
  );
  const points = [];
  const unreadable = [];
  for (const name of names) {
    const point = orReport(`points/${name}`, () => readManifest(vault, name));
    if (point === null) unreadable.push(name);
    else points.push(summaryOf(point));
  }
  for (const point of points) {
    point.isLate =
      lease !== null &&
      point.name < lease.epoch &&
      !lease.accepted.has(point.name.slice(0, 26)) &&
      !adopted.has(point.name);
  }
  const live = points.filter(({ isLate }) => !isLate);
  markKeptBeforeRestores(live);
  const newest = live[live.length - 1];
  const there = new Set([...names, ...forgotten].map((name) => name.slice(0, 26)));
  const named = new Set([...(newest?.catalogue ?? []), ...(lease?.named ?? [])]);
  const vanished = [...named].filter((name) => !there.has(name));
  vanished.forEach((name) => report(`points/${name}...`, 'this restore point has vanished'));
  return { live, late: points.filter(({ isLate }) => isLate), unreadable, vanished };
}

/** FORMAT.md section 7: without a plan, one source, after a point of a plan. `latest` does not mean these. */
function markKeptBeforeRestores(live) {
  let isPlanned = false;
  for (const point of live) {
    isPlanned ||= point.hasPlan;
    point.isKept = isPlanned && !point.hasPlan && point.isOfOneSource;
  }
}

/** What `list` shows: only this stays in memory, for a manifest can be large. */
function summaryOf({ fullName, id, kind, planId, takenAt, sources, catalogue }) {
  const marks = { hasPlan: typeof planId === 'string', isOfOneSource: sources.length === 1 };
  return {
    name: fullName,
    id,
    kind,
    ...marks,
    takenAt,
    catalogue,
    contents: contentsText(sources),
  };
}

function contentsText(sources) {
  const one = ({ name, pages, list, label }) => {
    const stored = [
      ...(pages ? [sizeText(pages.size)] : []),
      ...(list ? [`${list.files} files, ${sizeText(list.bytes)}`] : []),
    ];
    return `${name} (${stored.join(', ')}${label === 'damaged-source' ? ', was damaged when it was backed up' : ''})`;
  };
  return sources.map(one).join(', ');
}

// ---- Writing below the target folder -------------------------------------------------------------------------------

/** What Windows cannot have in a name becomes `_`; a device's name gets one in front. */
function windowsName(name) {
  // eslint-disable-next-line no-control-regex -- these are the characters meant
  const plain = name.replace(/[<>:"|?*\\\u0000-\u001f]/g, '_').replace(/[. ]$/, '_');
  return /^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]|conin\$|conout\$) *(\.|$)/i.test(
    plain,
  )
    ? `_${plain}`
    : plain;
}

/** The parts of a path below the target, or null when it could lead anywhere else. */
function safeParts(text, job) {
  const parts = text.split('/');
  const isBad = (part) => part === '' || part === '.' || part === '..' || part.includes('\0');
  if (parts.some(isBad) || /^[a-z]:$/i.test(parts[0])) return null;
  return job.windowsNames ? parts.map(windowsName) : parts;
}

function needRoom(job, size) {
  const { bavail, bsize } = fs.statfsSync(job.target);
  if (size <= bavail * bsize) return;
  throw new Refusal(`needs ${sizeText(size)}, and only ${sizeText(bavail * bsize)} are free`);
}

function statOf(file) {
  return fs.lstatSync(file, { throwIfNoEntry: false });
}

/** Makes the folders of `parts` below the target; a link or a file in the way is never followed. */
function makeFolder(job, parts) {
  let folder = job.target;
  for (const part of parts) {
    folder = path.join(folder, part);
    const info = statOf(folder);
    if (info === undefined) fs.mkdirSync(folder);
    else if (!info.isDirectory()) throw new Refusal(`${folder} is in the way: it is no folder.`);
  }
  return folder;
}

/** Gives a finished file its name; what has the name already stays. */
function publish(temporary, final) {
  try {
    fs.linkSync(temporary, final);
    fs.unlinkSync(temporary);
  } catch (error) {
    if (error.code === 'EEXIST') throw new Refusal(`${final} is there already.`);
    if (statOf(final) !== undefined) throw new Refusal(`${final} is there already.`);
    fs.renameSync(temporary, final); // FAT and some shares have no links.
  }
}

/** Writes one file through `fill(write)`, which tells whether all of it is right; else it is called `.damaged`. */
function writeFile(job, parts, { size, mode, mtimeMs }, fill) {
  const folder = makeFolder(job, parts.slice(0, -1));
  const final = path.join(folder, parts[parts.length - 1]);
  if (statOf(final) !== undefined)
    throw new Refusal(`${final} is there already and stays as it is`);
  const temporary = path.join(folder, `.holdfast-incomplete-${crypto.randomUUID()}`);
  const fd = fs.openSync(temporary, 'wx', 0o600);
  let isWhole = false;
  try {
    try {
      fs.ftruncateSync(fd, size); // Zeros need no writing.
      isWhole = fill((bytes, position) => {
        // The last page may reach beyond the file: its rest is padding.
        const length = Math.min(bytes.length, size - position);
        for (let done = 0; done < length;)
          done += fs.writeSync(fd, bytes, done, length - done, position + done);
      });
      fs.fchmodSync(fd, (mode & 0o777) | 0o600);
      if (mtimeMs !== undefined) fs.futimesSync(fd, mtimeMs / 1000, mtimeMs / 1000);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    publish(temporary, isWhole ? final : `${final}.damaged`);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  return isWhole;
}

// ---- restore -------------------------------------------------------------------------------------------------------

/** Runs `action` for one file; what stops it is reported and does not stop the others. */
function attempt(job, name, action) {
  try {
    action();
  } catch (error) {
    if (error.code === 'ENOSPC') throw new Stop(1, 'The disk is full.');
    if (error instanceof Damage) job.damaged += 1;
    else if (error instanceof Refusal || error.syscall !== undefined) job.leftOut += 1;
    else throw error;
    report(
      name,
      error.syscall === undefined ? error.message : `could not be written (${error.code})`,
    );
  }
}

const isWanted = (name, { only }) =>
  only === undefined || name === only || name.startsWith(`${only}/`);

function pathParts(job, prefix, text) {
  const parts = safeParts(text, job);
  if (parts === null) throw new Damage('this path leads out of the folder: not restored');
  return [...prefix, ...parts];
}

function countFile(job, name, size, isWhole) {
  if (isWhole) {
    job.files += 1;
    job.bytes += size;
    say(`restored ${name} (${sizeText(size)}, every byte checked)`);
  } else {
    job.damaged += 1;
    report(
      name,
      'is damaged: what is left of it was restored under this name with ".damaged" at its end',
    );
  }
}

function restorePages(vault, job, point, source, prefix) {
  const { pages } = source;
  const name = [...prefix, pages.path].join('/');
  if (!isWanted(name, job)) return;
  job.matches += 1;
  attempt(job, name, () => {
    const parts = pathParts(job, prefix, pages.path);
    const target = path.join(job.target, ...parts);
    // SQLite would play another database's journal into this one.
    const side = ['-wal', '-journal', '-shm'].find((end) => statOf(target + end) !== undefined);
    if (side !== undefined)
      throw new Refusal(`${target}${side} belongs to another database: choose an empty folder`);
    needRoom(job, pages.size);
    const { spans, isProved } = findSpans(vault, point, source);
    const isWhole = writeFile(job, parts, pages, (write) => {
      let lost = 0;
      for (const span of spans()) {
        for (const frame of framesOfSpan(span)) {
          lost += readPages(vault, span, frame, (bytes, page) =>
            write(bytes, page * pages.pageSize),
          );
          showProgress(`${name}: ${sizeText(vault.bytesRead)} read`);
        }
      }
      if (lost > 0) report(name, `${lost} of its ${pages.pageCount} pages are lost`);
      return isProved && lost === 0;
    });
    countFile(job, name, pages.size, isWhole);
  });
}

/** A link may go up only at its beginning and not out of its source: then no chain of links leads out either. */
function leadsOut({ path: from, target }, job) {
  const parts = target.split('/');
  const down = parts.findIndex((part) => part !== '..');
  const ups = down === -1 ? parts.length : down;
  const isBad = (part) =>
    part === '' ||
    part === '..' ||
    part.includes('\0') ||
    (job.windowsNames && windowsName(part) !== part);
  return ups > from.split('/').length - 1 || parts.slice(ups).some(isBad);
}

function restoreEntry(vault, job, parts, entry, round) {
  const file = path.join(job.target, ...parts);
  const name = parts.join('/');
  if (entry.kind === 'folder' && round === 'content') makeFolder(job, parts);
  if (entry.kind === 'file' && round === 'content') {
    needRoom(job, entry.size);
    const isWhole = writeFile(job, parts, entry, (write) => readChunks(vault, entry, write));
    countFile(job, name, entry.size, isWhole);
  }
  if (entry.kind === 'link' && round === 'links') {
    if (leadsOut(entry, job))
      throw new Refusal(
        `this link leads out of the folder and was not made: it pointed to ${entry.target}`,
      );
    makeFolder(job, parts.slice(0, -1));
    fs.symlinkSync(entry.target, file);
  }
  if (entry.kind === 'folder' && round === 'folders' && statOf(file)?.isDirectory()) {
    fs.chmodSync(file, (entry.mode & 0o777) | 0o700);
    fs.utimesSync(file, entry.mtimeMs / 1000, entry.mtimeMs / 1000);
  }
}

function restoreList(vault, job, source, prefix) {
  // Links come after all content, so that nothing is ever written through one; times of folders come last.
  for (const round of ['content', 'links', 'folders']) {
    attempt(job, source.name, () => {
      for (const entry of readEntries(vault, source)) {
        const name = [...prefix, entry.path].join('/');
        if (!isWanted(name, job)) continue;
        job.matches += 1;
        attempt(job, name, () =>
          restoreEntry(vault, job, pathParts(job, prefix, entry.path), entry, round),
        );
      }
    });
  }
}

/** The folder of each source: none for a single one, else its name, made unique. */
function sourceFolders(point, job) {
  if (point.sources.length === 1) return [[]];
  const used = new Set();
  return point.sources.map(({ id, name }) => {
    const parts = safeParts(name, job);
    const plain = parts?.length === 1 ? parts[0] : id;
    const folder = used.has(plain.toLowerCase()) ? `${plain} ${id.slice(0, 8)}` : plain;
    used.add(folder.toLowerCase());
    return [folder];
  });
}

/** Makes the target folder, unless it would lie in the vault: nothing is ever written there. */
function openTarget(vault, folder) {
  let above = path.resolve(folder);
  while (statOf(above) === undefined) above = path.dirname(above);
  const way = path.relative(fs.realpathSync(vault.folder), fs.realpathSync(above));
  const isOutside = way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way);
  if (!isOutside) throw new Stop(2, 'Choose a folder outside of the vault.');
  fs.mkdirSync(folder, { recursive: true });
  return fs.realpathSync(folder);
}

function findPoint({ live, late, unreadable, vanished }, wanted) {
  const isMeant = (name) => name === wanted || name.slice(18).startsWith(wanted);
  if (wanted === 'latest') {
    if (live.length === 0)
      throw new Stop(
        unreadable.length + vanished.length > 0 ? 6 : 1,
        'There is no readable restore point.',
      );
    return live.findLast(({ isKept }) => !isKept);
  }
  const found = wanted.length < 4 ? [] : [...live, ...late].filter(({ name }) => isMeant(name));
  if (found.length > 1)
    throw new Stop(2, `"${wanted}" is the beginning of several restore points.`);
  if (found.length === 1) return found[0];
  if ([...unreadable, ...vanished].some(isMeant))
    throw new Stop(6, 'This restore point is damaged or has vanished.');
  throw new Stop(2, `There is no restore point "${wanted}". "node restore.mjs list" shows them.`);
}

/** A newer state than `latest` is there, though hardly a wanted one: whoever wants it must know its number. */
function sayPassedOver(live, found) {
  for (const { id, name, takenAt } of live.slice(live.indexOf(found) + 1))
    say(
      `Not this one: ${id.slice(0, 12)} of ${timeText(takenAt)} is newer, but was most likely kept before a restore, not made by a backup.`,
    );
}

function restore(vault, [wanted, folder], options) {
  const points = readPoints(vault);
  const found = findPoint(points, wanted);
  if (found.isLate)
    report(found.name, 'was written by a PC that had lost its turn: it was never confirmed');
  const point = readManifest(vault, found.name);
  const only = options.only?.replace(/\\/g, '/').replace(/\/$/, '');
  const job = { target: openTarget(vault, folder), only, windowsNames: options.windowsNames };
  Object.assign(job, { matches: 0, files: 0, bytes: 0, damaged: 0, leftOut: 0 });
  say(`${timeText(point.takenAt)}  ${point.kind}  ${point.id}`);
  if (wanted === 'latest') sayPassedOver(points.live, found);
  const folders = sourceFolders(point, job);
  point.sources.forEach((source, index) => {
    if (source.pages !== null) restorePages(vault, job, point, source, folders[index]);
    if (source.list !== null) restoreList(vault, job, source, folders[index]);
  });
  if (job.matches === 0 && only !== undefined)
    throw new Stop(2, `This restore point has no file or folder "${only}".`);
  say(`${job.files} files, ${sizeText(job.bytes)}, restored into ${job.target}`);
  if (job.leftOut > 0) say(`${job.leftOut} were left out; the reasons stand above.`);
  if (job.damaged > 0)
    say(
      `${job.damaged} ARE DAMAGED; the damage is named above. Try an older restore point for them.`,
    );
  const isOlder =
    wanted === 'latest' &&
    [...points.unreadable, ...points.vanished].some((name) => name > found.name);
  if (isOlder)
    say(
      'This is the latest restore point that can be read. A NEWER ONE IS DAMAGED OR GONE; it is named above.',
    );
  if (job.damaged > 0 || isOlder) return 6;
  return job.leftOut > 0 ? 1 : 0;
}

// ---- list and check ------------------------------------------------------------------------------------------------

function list(vault) {
  const { live, late, unreadable, vanished } = readPoints(vault);
  const line = ({ id, takenAt, kind, contents, isKept }) =>
    `${id.slice(0, 12)}  ${timeText(takenAt)}  ${kind}  ${contents}${isKept ? '  (kept before a restore)' : ''}`;
  say(`Restore points in ${vault.folder}, the latest at the end:`);
  live.forEach((point) => say(line(point)));
  late.forEach((point) => say(`${line(point)}  (never confirmed)`));
  const lost = unreadable.length + vanished.length;
  say(`${live.length} restore points${lost > 0 ? `, and ${lost} damaged or gone` : ''}`);
  return lost > 0 ? 6 : 0;
}

/** Reads all of a pack and compares it with its own directory; wrong frames go to `vault.badFrames`. */
function checkPack(vault, id) {
  const { name, directory, offsets } = openPack(vault, id);
  for (let number = 0; number < offsets.length; number += 1) {
    const content = frameContent(vault, id, number);
    const frame = directory?.frames[number];
    let isGood = content !== null && frame !== undefined;
    if (isGood) {
      const pageSize = directory.files[frame.file]?.pageSize;
      const lengths = frame.kind === 'pages' ? Array(slotsOf(frame)).fill(pageSize) : frame.lengths;
      let at = 0;
      isGood = lengths.every((length, slot) => {
        at += length;
        return (
          proved(
            content,
            at - length,
            length,
            directory.hashes,
            (frame.firstHash + slot) * HASH_BYTES,
          ) !== null
        );
      });
      if (!isGood) report(name, `frame ${number} is not what the directory says`);
    }
    if (!isGood) vault.badFrames.add(`${id}/${number}`);
    showProgress(`${sizeText(vault.bytesRead)} read`);
  }
}

/** Reads all frames of each copy of a table or list. */
function checkLevel(object, shape) {
  for (const name of object.names) {
    const copy = { ...object, names: [name] };
    const parts = orReport(name, () => parseJson(readClosingPart(copy), shape, 'closing part'));
    parts?.segments.forEach(({ at }, counter) =>
      orReport(name, () => readFrame(copy, at, counter)),
    );
  }
}

/** True when the pack, read and found good by checkPack, says the same hashes as the table. */
function isAsChecked(vault, span, { pack, frame, indexes }) {
  const id = vault.packIds[pack];
  const { directory } = openPack(vault, id);
  const entry = directory?.frames[frame];
  if (entry?.kind !== 'pages' || vault.badFrames.has(`${id}/${frame}`)) return false;
  const slots = slotsOf(entry);
  return indexes.every((index) => {
    const at = (entry.firstHash + span.slots[index]) * HASH_BYTES;
    const own = index * HASH_BYTES;
    return (
      span.slots[index] < slots &&
      span.hashes.compare(directory.hashes, at, at + HASH_BYTES, own, own + HASH_BYTES) === 0
    );
  });
}

function checkPages(vault, point, source) {
  const { spans, isProved } = findSpans(vault, point, source);
  let lost = 0;
  for (const span of spans()) {
    for (const frame of framesOfSpan(span)) {
      if (!isAsChecked(vault, span, frame)) lost += readPages(vault, span, frame, () => {});
    }
  }
  if (lost > 0) throw new Damage(`${lost} of its ${source.pages.pageCount} pages are lost`);
  if (!isProved)
    throw new Damage('its page tables and packs do not give the file that was backed up');
}

function checkEntries(vault, source) {
  let wrong = 0;
  for (const entry of readEntries(vault, source)) {
    // The same list in another point says the same of this file.
    const key = `${entry.list.object.id}/${entry.path}`;
    if (entry.kind !== 'file' || vault.checked.has(key)) continue;
    const isWhole = readChunks(vault, entry, () => {});
    if (isWhole) vault.checked.add(key);
    else report(`${source.name}: ${entry.path}`, 'is damaged');
    wrong += isWhole ? 0 : 1;
  }
  if (wrong > 0) throw new Damage(`${wrong} of its files are damaged`);
}

function checkPoint(vault, { name }) {
  const [point] = ['a', 'b']
    .map((copy) => orReport(`points/${name}.${copy}`, () => readManifest(vault, name, [copy])))
    .filter((read) => read !== null);
  if (point === undefined) return false;
  const once = (id, action) => {
    if (!vault.checked.has(id)) action();
    vault.checked.add(id);
  };
  for (const { id } of point.tables)
    once(id, () => checkLevel(inTwoCopies(vault, TABLE, 'tables', id), tableShape));
  for (const { id } of point.lists)
    once(id, () => checkLevel(inTwoCopies(vault, LIST, 'lists', id), listShape));
  for (const { id } of point.packs) once(id, () => checkPack(vault, id));
  const parts = point.sources.flatMap((source) => [
    ...(source.pages === null ? [] : [[source.pages.path, () => checkPages(vault, point, source)]]),
    ...(source.list === null ? [] : [[source.name, () => checkEntries(vault, source)]]),
  ]);
  return parts
    .map(([part, action]) => orReport(`${timeText(point.takenAt)} ${part}`, () => (action(), true)))
    .every(Boolean);
}

/** Reads the leases, heartbeats, ends and notes that the other commands had no need of. */
function checkSmall(vault) {
  const kindOf = (name) =>
    name.endsWith('-end') ? LEASE_END : name.length > 8 ? HEARTBEAT : LEASE;
  const isLease = (name) => /^[0-9a-f]{8}(-[0-9a-f]{8}|-end)?$/.test(name);
  for (const name of listFolder(vault.folder, 'leases').filter(isLease)) {
    const file = `leases/${name}`;
    orReport(file, () => readSmall(vault, kindOf(name), file, null, { epoch: isSize }));
  }
  for (const name of noteNames(vault)) {
    const shape = { what: isOne(name.slice(18, -33)) };
    orReport(`notes/${name}`, () =>
      readSmall(vault, NOTE, `notes/${name}`, name.slice(-32), shape),
    );
  }
}

function check(vault) {
  const points = readPoints(vault);
  checkSmall(vault);
  let damaged = points.unreadable.length + points.vanished.length;
  for (const point of points.live) {
    const isWhole = checkPoint(vault, point);
    damaged += isWhole ? 0 : 1;
    say(
      `${isWhole ? 'whole  ' : 'DAMAGED'}  ${point.id.slice(0, 12)}  ${timeText(point.takenAt)}  ${point.contents}`,
    );
  }
  say(
    `${points.live.length} restore points checked, ${sizeText(vault.bytesRead)} read, ${damaged} damaged or gone`,
  );
  if (damaged === 0 && reported.size > 0)
    say('What is named above is damaged, but every restore point can still be restored.');
  return reported.size > 0 ? 6 : 0;
}

// ---- Start ---------------------------------------------------------------------------------------------------------

function parseCommand() {
  const text = { type: 'string' };
  const flag = { type: 'boolean', default: false };
  let parsed;
  try {
    const options = { vault: text, only: text, 'windows-names': flag, help: flag };
    parsed = util.parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new Stop(2, `${error.message}\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  const [command, ...words] = positionals;
  if (values.help) return { command: 'help' };
  const expected = { list: 0, restore: 2, check: 0 }[command];
  if (expected !== words.length) throw new Stop(2, USAGE);
  if (values.only !== undefined && command !== 'restore') throw new Stop(2, USAGE);
  const windowsNames = values['windows-names'] || process.platform === 'win32';
  return { command, words, folder: values.vault, only: values.only, windowsNames };
}

/** The marker says the version before any key is asked for; it is not authenticated. */
function readMarker(folder) {
  if (listFolder(folder, 'keys').length === 0) {
    throw new Stop(1, `${folder} is no Holdfast vault: it has no folder "keys".`);
  }
  return orReport(MARKER, () => {
    const shape = { format: isOne('holdfast-vault'), version: isSize, vaultId: isText };
    const marker = parseJson(readWhole(folder, MARKER), shape, 'content');
    if (marker.version !== 1) {
      throw new Stop(6, `This vault has version ${marker.version}. ${NEWER}`);
    }
    return marker;
  });
}

async function main() {
  const options = parseCommand();
  if (options.command === 'help') {
    say(USAGE);
    return 0;
  }
  const folder = path.resolve(options.folder ?? path.dirname(fileURLToPath(import.meta.url)));
  const marker = readMarker(folder);
  const vault = {
    folder,
    ...openKeys(folder, await findSecrets()),
    openFiles: recentlyUsed(64, ({ fd }) => fs.closeSync(fd)),
    openPacks: recentlyUsed(8),
    frames: recentlyUsed(16),
    packIds: [],
    packIndexes: new Map(),
    replacements: null,
    badFrames: new Set(),
    checked: new Set(),
    bytesRead: 0,
  };
  if (marker !== null && marker.vaultId !== vault.idText) report(MARKER, 'has a wrong vault id');
  if (options.command === 'list') return list(vault);
  return options.command === 'check' ? check(vault) : restore(vault, options.words, options);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  report('Stopped', error.message);
  process.exitCode = error.exitCode;
}
