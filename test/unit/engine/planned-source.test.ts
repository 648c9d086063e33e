/** Which source of the newest restore point a path means: a wrong answer costs a full backup, or joins two files in one. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { findByPath, matchSources } from '../../../electron/engine/backup/planned-source.ts';
import type { SourceId } from '../../../shared/model/ids.ts';
import type { RestorePoint } from '../../../shared/model/restore-point.ts';

const id = 'a'.repeat(32) as SourceId;
const crm = { id, path: String.raw`C:\CRM\crm.db` };

describe('a path of a source', () => {
  test('means the same file on Windows in capitals or not', () => {
    expect(findByPath([crm], String.raw`c:\crm\CRM.db`, 'win32')).toBe(crm);
    expect(findByPath([crm], String.raw`C:\CRM\other.db`, 'win32')).toBeNull();
    expect(findByPath([crm], String.raw`c:\crm\CRM.db`, 'linux')).toBeNull();
  });

  test('means the very one first, where a folder tells capitals apart', () => {
    const small = { ...crm, path: crm.path.toLowerCase() };
    expect(findByPath([crm, small], small.path, 'win32')).toBe(small);
  });
});

test('one source that is asked for twice is two, never one with the content of both', () => {
  const newest = { sources: [{ id, path: '/crm/crm.db' }] } as unknown as RestorePoint;
  const request = { path: '/crm/crm.db', id: null, name: null };
  const [first, second] = matchSources([request, request], newest, randomBytes);
  expect(first?.id).toBe(id);
  expect(second?.id).not.toBe(id);
});
