/**
 * What every storage promises (electron/engine/storage/storage.ts), as tests that run against each of them. `open` gives
 * an empty place; `again` is a second, independent handle on the same place, as another process would have it.
 */
import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Storage } from '../../electron/engine/storage/storage.ts';
import { failureOf } from '../../shared/model/backup-error.ts';

export interface OpenedPlace {
  readonly storage: Storage;
  readonly again: Storage;
}

const isDeep = process.env['HOLDFAST_DEEP'] === '1';
const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);

const bytesOf = (text: string): Buffer => Buffer.from(text);

/** The code that a call fails with, or 'no failure'. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'no failure';
  } catch (error) {
    return failureOf(error).code;
  }
}

const namesOf = (objects: readonly { readonly name: string }[]): string[] =>
  objects.map(({ name }) => name);

const hostileNames = [
  '',
  '.',
  '..',
  '/',
  '/etc/passwd',
  '../outside',
  'packs/../../outside',
  'packs/./x',
  'packs//x',
  'packs/',
  '/packs/x',
  'C:x',
  'C:\\x',
  'packs\\x',
  'packs/a\0b',
  'packs/a b',
  'packs/ä',
  'packs/.hidden',
  'packs/dot.',
  'packs/NUL',
  'con.txt',
  'com1/x',
  'packs/tmp-00000001-00112233aabbccdd',
  'tmp-x/y',
  `packs/${'x'.repeat(129)}`,
  '1/2/3/4/5/6/7/8/9',
];

export function describeStorage(name: string, open: () => Promise<OpenedPlace>): void {
  describe(`${name} storage`, () => {
    describePut(open);
    describeExclusive(open);
    describeWriter(open);
    describeListing(open);
    describeReading(open);
    describeRemoving(open);
    describeNames(open);
    describeSequences(open);
  });
}

function describePut(open: () => Promise<OpenedPlace>): void {
  test('an object that was put is found whole by everybody', async () => {
    const { storage, again } = await open();
    await storage.put('packs/ab/one', bytesOf('hello'));
    await storage.put('marker.json', bytesOf(''));
    expect((await again.readWhole('packs/ab/one', 100)).toString()).toBe('hello');
    expect(await again.size('packs/ab/one')).toBe(5);
    expect(await again.size('marker.json')).toBe(0);
    expect(await again.listTemporary()).toEqual([]);
  });

  test('equal bytes under a name that exists are a success, a repeated write costs nothing', async () => {
    const { storage, again } = await open();
    await storage.put('points/1', bytesOf('hello'));
    await again.put('points/1', bytesOf('hello'));
    await storage.put('points/1', bytesOf('hello'));
    expect((await storage.readWhole('points/1', 100)).toString()).toBe('hello');
    expect(await storage.listTemporary()).toEqual([]);
  });

  test.each(['hellO', 'hell', 'hello!', ''])(
    'other bytes (%j) never replace an object',
    async (other) => {
      const { storage, again } = await open();
      await storage.put('points/1', bytesOf('hello'));
      expect(await codeOf(again.put('points/1', bytesOf(other)))).toBe('object-exists');
      expect((await storage.readWhole('points/1', 100)).toString()).toBe('hello');
      expect(await storage.listTemporary()).toEqual([]);
    },
  );

  test('a reader never sees a half object', async () => {
    const { storage, again } = await open();
    const content = randomBytes(1 << 20);
    const reading = new AbortController();
    const read = async (): Promise<number> => {
      let reads = 0;
      while (!reading.signal.aborted) {
        for (const { name, size } of await again.list('packs')) {
          expect(size).toBe(content.length);
          expect((await again.readWhole(name, content.length)).equals(content)).toBe(true);
          reads += 1;
        }
        await new Promise(setImmediate);
      }
      return reads;
    };
    const readsDone = read();
    for (let index = 0; index < 10; index++) {
      await storage.put(`packs/${index}`, content);
      await new Promise(setImmediate);
    }
    reading.abort();
    expect(await readsDone).toBeGreaterThan(0);
    expect(await again.list('packs')).toHaveLength(10);
  });
}

function describeExclusive(open: () => Promise<OpenedPlace>): void {
  test('an exclusive name goes to the first, even if the second brings equal bytes', async () => {
    const { storage, again } = await open();
    expect(await storage.putExclusive('leases/00000001', bytesOf('mine'))).toBe(true);
    expect(await again.putExclusive('leases/00000001', bytesOf('yours'))).toBe(false);
    expect(await storage.putExclusive('leases/00000001', bytesOf('mine'))).toBe(false);
    expect((await again.readWhole('leases/00000001', 100)).toString()).toBe('mine');
    expect(await storage.listTemporary()).toEqual([]);
  });

  test('of many that race for a name exactly one wins, and its bytes are there', async () => {
    const { storage, again } = await open();
    for (let round = 0; round < 20; round++) {
      const name = `leases/${round}`;
      const race = Array.from({ length: 12 }, async (_, index) =>
        (index % 2 === 0 ? storage : again).putExclusive(name, bytesOf(`racer ${index}`)),
      );
      const outcomes = await Promise.all(race);
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      const winner = outcomes.indexOf(true);
      expect((await storage.readWhole(name, 100)).toString()).toBe(`racer ${winner}`);
    }
    expect(await storage.listTemporary()).toEqual([]);
  });
}

function describeWriter(open: () => Promise<OpenedPlace>): void {
  test('what a writer wrote is invisible until it is published, then whole', async () => {
    const { storage, again } = await open();
    const writer = await storage.startWriter('packs/ab/one', '0000002a');
    const block = Buffer.alloc(70_000, 'a');
    await writer.write(block);
    block.fill('b');
    await writer.write(block);
    expect(await again.size('packs/ab/one')).toBeNull();
    expect(await again.list('')).toEqual([]);
    expect(await codeOf(again.read('packs/ab/one', 0, 1))).toBe('object-missing');
    await writer.publish();
    const expected = Buffer.concat([Buffer.alloc(70_000, 'a'), Buffer.alloc(70_000, 'b')]);
    expect((await again.readWhole('packs/ab/one', 200_000)).equals(expected)).toBe(true);
    expect(await again.listTemporary()).toEqual([]);
  });

  test('writes that overlap keep the order of the calls', async () => {
    const { storage } = await open();
    const writer = await storage.startWriter('packs/one', '1');
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index}\n`);
    await Promise.all(lines.map(async (line) => writer.write(bytesOf(line))));
    await writer.publish();
    expect((await storage.readWhole('packs/one', 1 << 20)).toString()).toBe(lines.join(''));
  });

  test('an empty object can be published', async () => {
    const { storage } = await open();
    await (await storage.startWriter('packs/empty', '1')).publish();
    expect(await storage.size('packs/empty')).toBe(0);
  });

  test('a writer never replaces an object that exists', async () => {
    const { storage, again } = await open();
    const writer = await storage.startWriter('packs/one', '1');
    await writer.write(bytesOf('second'));
    await again.put('packs/one', bytesOf('first'));
    expect(await codeOf(writer.publish())).toBe('object-exists');
    await writer.abandon();
    expect((await storage.readWhole('packs/one', 100)).toString()).toBe('first');
    expect(await storage.listTemporary()).toEqual([]);
  });

  test('an abandoned writer leaves nothing, however often it is abandoned', async () => {
    const { storage } = await open();
    const writer = await storage.startWriter('packs/one', '1');
    await writer.write(bytesOf('half'));
    await writer.abandon();
    await writer.abandon();
    expect(await codeOf(writer.write(bytesOf('more')))).not.toBe('no failure');
    expect(await codeOf(writer.publish())).not.toBe('no failure');
    expect(await storage.list('')).toEqual([]);
    expect(await storage.listTemporary()).toEqual([]);
  });

  test('abandoning after publishing does not take the object away', async () => {
    const { storage } = await open();
    const writer = await storage.startWriter('packs/one', '1');
    await writer.write(bytesOf('whole'));
    await writer.publish();
    await writer.abandon();
    expect((await storage.readWhole('packs/one', 100)).toString()).toBe('whole');
  });
}

function describeListing(open: () => Promise<OpenedPlace>): void {
  test('a listing has every object at any depth, by name, with its size, and no other folder', async () => {
    const { storage, again } = await open();
    const names = ['a', 'packs/00/x', 'packs/00/y', 'packs/ff/x', 'packs2/x', 'points/1'];
    for (const [index, name] of names.entries()) await storage.put(name, Buffer.alloc(index));
    const writer = await storage.startWriter('packs/00/z', '7');
    expect(namesOf(await again.list(''))).toEqual(names);
    expect(namesOf(await again.list('packs'))).toEqual(names.slice(1, 4));
    expect((await again.list('packs')).map(({ size }) => size)).toEqual([1, 2, 3]);
    expect(namesOf(await again.list('packs/00'))).toEqual(names.slice(1, 3));
    expect(await again.list('nothing')).toEqual([]);
    await writer.abandon();
  });

  test('a listing of a thousand objects is complete', async () => {
    const { storage, again } = await open();
    const names = Array.from({ length: 1000 }, (_, index) => {
      const id = createHash('sha256').update(String(index)).digest('hex').slice(0, 32);
      return `packs/${id.slice(0, 1)}/${id}`;
    }).sort();
    for (let first = 0; first < names.length; first += 50) {
      const some = names.slice(first, first + 50);
      await Promise.all(some.map(async (name) => storage.put(name, bytesOf(name))));
    }
    expect(namesOf(await again.list('packs'))).toEqual(names);
  });

  test('temporary files are listed apart, with their tag, and can be tidied away', async () => {
    const { storage, again } = await open();
    await storage.put('packs/ab/one', bytesOf('whole'));
    const writer = await storage.startWriter('packs/ab/two', '0000002a');
    await writer.write(bytesOf('half'));
    const found = await again.listTemporary();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      name: expect.stringMatching(/^packs\/ab\/tmp-0000002a-[0-9a-f]+$/),
      size: 4,
    });
    const [{ name: temporary } = { name: '' }] = found;
    expect(await codeOf(again.removeTemporary('packs/ab/one'))).toBe('object-damaged');
    await again.removeTemporary(temporary);
    await again.removeTemporary(temporary);
    expect(await codeOf(writer.publish())).not.toBe('no failure');
    // Shares keep the name of a removed file until whoever has it open closes it.
    await writer.abandon();
    expect(await again.listTemporary()).toEqual([]);
    expect(namesOf(await again.list(''))).toEqual(['packs/ab/one']);
    expect(await again.size('packs/ab/two')).toBeNull();
  });

  test("times of change and the storage's clock are one clock, and reading it leaves nothing", async () => {
    const { storage, again } = await open();
    const before = await storage.clockMs();
    await again.put('notes/1', bytesOf('x'));
    const after = await storage.clockMs();
    const [found] = await storage.list('notes');
    expect(found?.modifiedAtMs).toBeGreaterThanOrEqual(before);
    expect(found?.modifiedAtMs).toBeLessThanOrEqual(after);
    expect(await storage.listTemporary()).toEqual([]);
    expect(namesOf(await storage.list(''))).toEqual(['notes/1']);
  });

  test('free space is a number of bytes, or not known', async () => {
    const free = await (await open()).storage.freeBytes();
    expect(free === null || (Number.isSafeInteger(free) && free > 0)).toBe(true);
  });
}

function describeReading(open: () => Promise<OpenedPlace>): void {
  test('a range is read exactly, or refused; never short', async () => {
    const { storage } = await open();
    await storage.put('packs/one', bytesOf('0123456789'));
    expect((await storage.read('packs/one', 3, 4)).toString()).toBe('3456');
    expect((await storage.read('packs/one', 0, 10)).toString()).toBe('0123456789');
    expect((await storage.read('packs/one', 10, 0)).length).toBe(0);
    for (const [offset, length] of [
      [0, 11],
      [9, 2],
      [11, 0],
      [100, 1],
      [0, 2 ** 40],
    ] as const) {
      expect(await codeOf(storage.read('packs/one', offset, length))).toBe('object-damaged');
    }
    expect(await codeOf(storage.read('packs/two', 0, 1))).toBe('object-missing');
    expect(await codeOf(storage.read('nowhere/two', 0, 1))).toBe('object-missing');
  });

  test('an object larger than expected is refused before it fills the memory', async () => {
    const { storage } = await open();
    await storage.put('notes/1', bytesOf('0123456789'));
    expect(await codeOf(storage.readWhole('notes/1', 9))).toBe('object-damaged');
    expect((await storage.readWhole('notes/1', 10)).toString()).toBe('0123456789');
    expect(await codeOf(storage.readWhole('notes/2', 9))).toBe('object-missing');
  });

  test('bytes that were read belong to the reader', async () => {
    const { storage } = await open();
    const given = bytesOf('hello');
    await storage.put('notes/1', given);
    given.fill(0);
    (await storage.readWhole('notes/1', 100)).fill(0);
    (await storage.read('notes/1', 0, 5)).fill(0);
    expect((await storage.readWhole('notes/1', 100)).toString()).toBe('hello');
  });
}

function describeRemoving(open: () => Promise<OpenedPlace>): void {
  test('a removed object is gone, its neighbours are not, and its name is free', async () => {
    const { storage, again } = await open();
    await storage.put('packs/one', bytesOf('1'));
    await storage.put('packs/two', bytesOf('2'));
    await storage.remove('packs/one');
    await storage.remove('packs/one');
    await storage.remove('nowhere/one');
    expect(await again.size('packs/one')).toBeNull();
    expect(namesOf(await again.list(''))).toEqual(['packs/two']);
    await again.put('packs/one', bytesOf('other'));
    expect((await storage.readWhole('packs/one', 100)).toString()).toBe('other');
  });
}

function describeNames(open: () => Promise<OpenedPlace>): void {
  test.each(hostileNames)('the name %j reaches nothing', async (name) => {
    const { storage } = await open();
    const bytes = bytesOf('x');
    const refused = 'object-damaged';
    expect(await codeOf(storage.put(name, bytes))).toBe(refused);
    expect(await codeOf(storage.putExclusive(name, bytes))).toBe(refused);
    expect(await codeOf(storage.startWriter(name, '1'))).toBe(refused);
    expect(await codeOf(storage.read(name, 0, 1))).toBe(refused);
    expect(await codeOf(storage.readWhole(name, 1))).toBe(refused);
    expect(await codeOf(storage.size(name))).toBe(refused);
    expect(await codeOf(storage.remove(name))).toBe(refused);
    if (name !== '') expect(await codeOf(storage.list(name))).toBe(refused);
    if (!/\/tmp-[^/]*$/.test(name)) {
      expect(await codeOf(storage.removeTemporary(name))).toBe(refused);
    }
    expect(await storage.list('')).toEqual([]);
    expect(await storage.listTemporary()).toEqual([]);
  });

  test('a temporary tag cannot lead anywhere either', async () => {
    const { storage } = await open();
    for (const tag of ['', '../x', 'a/b', 'a-b', 'x'.repeat(17)]) {
      expect(await codeOf(storage.startWriter('packs/one', tag))).not.toBe('no failure');
    }
    expect(await storage.listTemporary()).toEqual([]);
  });
}

type Step =
  | { readonly do: 'put' | 'putExclusive' | 'write'; readonly name: string; readonly text: string }
  | { readonly do: 'remove' | 'read'; readonly name: string };

function describeSequences(open: () => Promise<OpenedPlace>): void {
  const name = fc.constantFrom('a', 'packs/a', 'packs/b', 'packs/ab/a');
  const text = fc.constantFrom('', 'x', 'y', 'xy');
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ do: fc.constantFrom('put', 'putExclusive', 'write'), name, text }),
    fc.record({ do: fc.constantFrom('remove', 'read'), name }),
  );

  test('any sequence of calls leaves what a plain table of names would hold', async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const { storage, again } = await open();
      const model = new Map<string, string>();
      for (const [index, each] of steps.entries()) {
        const found = await runStep(index % 2 === 0 ? storage : again, each);
        expect(found).toBe(expectStep(model, each));
      }
      expect(namesOf(await storage.list(''))).toEqual([...model.keys()].sort());
      expect(await storage.listTemporary()).toEqual([]);
    });
    await fc.assert(property, { seed, numRuns: isDeep ? 300 : 25 });
  });
}

async function runStep(storage: Storage, step: Step): Promise<string> {
  switch (step.do) {
    case 'put':
      return codeOf(storage.put(step.name, bytesOf(step.text)));
    case 'putExclusive':
      return String(await storage.putExclusive(step.name, bytesOf(step.text)));
    case 'write': {
      const writer = await storage.startWriter(step.name, '1');
      await writer.write(bytesOf(step.text));
      const code = await codeOf(writer.publish());
      await writer.abandon();
      return code;
    }
    case 'remove':
      return codeOf(storage.remove(step.name));
    case 'read': {
      const size = await storage.size(step.name);
      return size === null ? 'none' : (await storage.readWhole(step.name, size)).toString();
    }
  }
}

function expectStep(model: Map<string, string>, step: Step): string {
  const found = model.get(step.name);
  switch (step.do) {
    case 'put':
      if (found === undefined) model.set(step.name, step.text);
      return found === undefined || found === step.text ? 'no failure' : 'object-exists';
    case 'putExclusive':
      if (found === undefined) model.set(step.name, step.text);
      return String(found === undefined);
    case 'write':
      if (found === undefined) model.set(step.name, step.text);
      return found === undefined ? 'no failure' : 'object-exists';
    case 'remove':
      model.delete(step.name);
      return 'no failure';
    case 'read':
      return found ?? 'none';
  }
}
