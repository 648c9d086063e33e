// Names of all objects in the tree (FORMAT.md section 1), both ways. The only place where names are made or read.
import { hex8 } from './catalogue.ts';
import type { Sequence } from '../../../shared/model/restore-point.ts';

export const MARKER_NAME = 'holdfast-vault.json';
export const README_NAME = 'README.txt';
export const READER_NAME = 'restore.mjs';
export const RESERVE_NAME = 'reserve';
export type CopySide = 'a' | 'b';
export const COPY_SIDES: readonly CopySide[] = ['a', 'b'];

const fanned = (folder: string, id: string): string => `${folder}/${id.slice(0, 2)}/${id}`;

export const packName = (id: string): string => fanned('packs', id);
export const tableName = (id: string, side: CopySide): string => `${fanned('tables', id)}.${side}`;
export const listName = (id: string, side: CopySide): string => `${fanned('lists', id)}.${side}`;
export const keyHeaderName = (generation: number, side: CopySide): string =>
  `keys/${hex8(generation)}.${side}`;
export const leaseName = (epoch: number): string => `leases/${hex8(epoch)}`;
export const heartbeatName = (epoch: number, beat: number): string =>
  `leases/${hex8(epoch)}-${hex8(beat)}`;
export const leaseEndName = (epoch: number): string => `leases/${hex8(epoch)}-end`;

/** A point's stem: `EEEEEEEE-CCCCCCCC-<id>`; its files are `points/<stem>.a` and `.b`. */
export function pointStem(point: Sequence & { readonly id: string }): string {
  return `${hex8(point.epoch)}-${hex8(point.counter)}-${point.id}`;
}

export const pointName = (stem: string, side: CopySide): string => `points/${stem}.${side}`;

export const noteKinds = [
  'forget',
  'adopt',
  'hold',
  'release',
  'plan',
  'damage',
  'replace',
  'condemn',
  'acknowledge',
] as const;
export type NoteKind = (typeof noteKinds)[number];

export interface NoteName extends Sequence {
  readonly what: NoteKind;
  readonly id: string;
}

export function noteName(note: NoteName): string {
  return `notes/${hex8(note.epoch)}-${hex8(note.counter)}-${note.what}-${note.id}`;
}

export interface PointName extends Sequence {
  readonly id: string;
  readonly stem: string;
  readonly side: CopySide;
}

const POINT = /^points\/(([0-9a-f]{8})-([0-9a-f]{8})-([0-9a-f]{32}))\.([ab])$/;
const NOTE = /^notes\/([0-9a-f]{8})-([0-9a-f]{8})-([a-z]+)-([0-9a-f]{32})$/;
const LEASE = /^leases\/([0-9a-f]{8})(?:-([0-9a-f]{8}|end))?$/;
const KEY_HEADER = /^keys\/([0-9a-f]{8})\.([ab])$/;
const DATA = /^(packs|tables|lists)\/([0-9a-f]{2})\/(\2[0-9a-f]{30})(?:\.([ab]))?$/;

export function parsePointName(name: string): PointName | null {
  const [, stem, epoch, counter, id, side] = POINT.exec(name) ?? [];
  if (stem === undefined || epoch === undefined || counter === undefined || id === undefined)
    return null;
  return {
    stem,
    id,
    epoch: fromHex(epoch),
    counter: fromHex(counter),
    side: side === 'a' ? 'a' : 'b',
  };
}

/** Splits a stem without a copy's ending; null when it is none. */
export function parsePointStem(stem: string): (Sequence & { readonly id: string }) | null {
  return parsePointName(`points/${stem}.a`);
}

export function parseNoteName(name: string): NoteName | null {
  const [, epoch, counter, text, id] = NOTE.exec(name) ?? [];
  const what = noteKinds.find((kind) => kind === text);
  if (epoch === undefined || counter === undefined || what === undefined || id === undefined)
    return null;
  return { epoch: fromHex(epoch), counter: fromHex(counter), what, id };
}

export type LeaseFile =
  | { readonly kind: 'lease'; readonly epoch: number }
  | { readonly kind: 'heartbeat'; readonly epoch: number; readonly beat: number }
  | { readonly kind: 'end'; readonly epoch: number };

export function parseLeaseName(name: string): LeaseFile | null {
  const [, digits, rest] = LEASE.exec(name) ?? [];
  if (digits === undefined) return null;
  const epoch = fromHex(digits);
  if (rest === undefined) return { kind: 'lease', epoch };
  return rest === 'end'
    ? { kind: 'end', epoch }
    : { kind: 'heartbeat', epoch, beat: fromHex(rest) };
}

export function parseKeyHeaderName(name: string): { generation: number; side: CopySide } | null {
  const [, digits, side] = KEY_HEADER.exec(name) ?? [];
  return digits === undefined
    ? null
    : { generation: fromHex(digits), side: side === 'a' ? 'a' : 'b' };
}

export interface DataName {
  readonly folder: 'packs' | 'tables' | 'lists';
  readonly id: string;
}

/** A pack, or one copy of a table or list. */
export function parseDataName(name: string): DataName | null {
  const [, folder, , id, side] = DATA.exec(name) ?? [];
  if (folder !== 'packs' && folder !== 'tables' && folder !== 'lists') return null;
  const isCopy = side !== undefined;
  return id === undefined || isCopy === (folder === 'packs') ? null : { folder, id };
}

function fromHex(digits: string): number {
  return Number.parseInt(digits, 16);
}
