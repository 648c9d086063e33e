// Notes: the small facts of a vault (FORMAT.md section 9): what is forgotten, adopted, held, damaged, replaced, condemned.
import { z } from 'zod';
import { newId, remember, type Vault } from './vault.ts';
import { noteName, parseNoteName, type NoteKind, type NoteName } from '../format/object-names.ts';
import { parseJson } from '../format/level-index.ts';
import { damaged, MAX_OBJECT_BYTES } from '../format/sealed-object.ts';
import { openObject, sealObject, splitFrames } from '../crypto/object-sealer.ts';
import { compareSequence } from '../../../shared/model/restore-point.ts';
import { isWound, type ReportDamage } from './sealed-stream-reader.ts';
import type { Lease } from './lease.ts';
import type { StoredObject } from '../storage/storage.ts';

const id = z.string().regex(/^[0-9a-f]{32}$/);
const stems = z.array(z.string());
const u32 = z.number().int().min(0).max(0xffffffff);

const schemas = {
  forget: z.object({
    what: z.literal('forget'),
    points: stems,
    reasons: z.record(z.string(), z.array(z.string())),
  }),
  adopt: z.object({ what: z.literal('adopt'), points: stems }),
  hold: z.object({ what: z.literal('hold'), points: stems, reason: z.string() }),
  release: z.object({ what: z.literal('release'), hold: id }),
  plan: z.object({ what: z.literal('plan'), plan: z.unknown() }),
  acknowledge: z.object({ what: z.literal('acknowledge'), plan: id, epoch: u32, counter: u32 }),
  damage: z.object({
    what: z.literal('damage'),
    packs: z.array(z.object({ id, frames: z.array(u32).nullable() })),
    objects: z.array(z.string()),
  }),
  replace: z.object({
    what: z.literal('replace'),
    from: id,
    to: id,
    slots: z.array(z.tuple([u32, u32, u32, u32])),
  }),
  condemn: z.object({
    what: z.literal('condemn'),
    packs: z.array(id),
    tables: z.array(id),
    lists: z.array(id),
    notes: z.array(z.string()),
    atMs: z.number(),
    storageAtMs: z.number(),
    newest: z.string().nullable(),
  }),
} satisfies Record<NoteKind, z.ZodType>;

/** Content of a note of one kind. */
export type NoteContent<K extends NoteKind> = z.infer<(typeof schemas)[K]>;
export type AnyNote = { [K in NoteKind]: NoteContent<K> }[NoteKind];

export interface Note {
  readonly name: string;
  readonly place: NoteName;
  readonly modifiedAtMs: number;
  readonly content: AnyNote;
}

/** All readable notes, oldest first; unreadable ones are reported. */
export async function readNotes(vault: Vault, report: ReportDamage): Promise<readonly Note[]> {
  const notes: Note[] = [];
  for (const object of await vault.storage.list('notes')) {
    const place = parseNoteName(object.name);
    if (place === null) continue;
    try {
      const content = await remember(vault, object.name, () => readNote(vault, object, place));
      notes.push({ name: object.name, place, modifiedAtMs: object.modifiedAtMs, content });
    } catch (error) {
      if (!isWound(error)) throw error;
      report(object.name, error);
    }
  }
  return notes.sort((a, b) => compareSequence(a.place, b.place));
}

async function readNote(vault: Vault, object: StoredObject, place: NoteName): Promise<AnyNote> {
  const bytes = await vault.storage.readWhole(object.name, MAX_OBJECT_BYTES.note);
  const opened = openObject(vault.keys, 'note', bytes, object.name);
  if (opened.id !== place.id) throw damaged(object.name, 'another note under this name');
  return parseJson<AnyNote>(schemas[place.what], Buffer.concat(opened.frames), object.name);
}

/** Notes of one kind, oldest first. */
export function notesOf<K extends NoteKind>(
  notes: readonly Note[],
  what: K,
): readonly {
  readonly name: string;
  readonly place: NoteName;
  readonly modifiedAtMs: number;
  readonly content: NoteContent<K>;
}[] {
  return notes.flatMap((note) =>
    note.content.what === what ? [{ ...note, content: note.content as NoteContent<K> }] : [],
  );
}

/** Publishes a note in the holder's epoch; returns its name. */
export async function writeNote(vault: Vault, lease: Lease, content: AnyNote): Promise<string> {
  const place = {
    epoch: lease.epoch,
    counter: lease.nextCounter(),
    what: content.what,
    id: newId(vault.random),
  };
  const name = noteName(place);
  const frames = splitFrames(Buffer.from(JSON.stringify(content)));
  await vault.storage.put(name, sealObject(vault.keys, 'note', place.id, frames));
  return name;
}
