// A small business as the agent would describe it: its CRM, its disk, its plan.
import type { CallOutput } from '../../../shared/ipc/contract.ts';
import type { PlanId, PointId, SourceId, VaultId } from '../../../shared/model/ids.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import type { InspectedSource, PlaceTest, Protection } from '../../../shared/model/setup.ts';

export const crmPath = 'C:\\Users\\Anna Weber\\AppData\\Local\\KundenPlus\\kunden.db';
export const usbPath = 'E:\\';
export const vaultPath = 'E:\\Holdfast\\kunden';

export const planId = '11111111111111111111111111111111' as PlanId;
export const sourceId = '22222222222222222222222222222222' as SourceId;
export const vaultId = '33333333333333333333333333333333' as VaultId;
export const pointId = '44444444444444444444444444444444' as PointId;

export const samplePlan: Plan = {
  version: 1,
  id: planId,
  name: 'kunden',
  sources: [{ id: sourceId, path: crmPath, name: 'kunden' }],
  places: [{ path: vaultPath, vaultId }],
  schedule: {
    kind: 'times',
    timesOfDay: ['12:30', '18:00'],
    days: [1, 2, 3, 4, 5],
    zone: 'Europe/Berlin',
  },
  keep: {
    last: null,
    withinMs: 2 * 86_400_000,
    hourly: null,
    daily: 31,
    weekly: 12,
    monthly: 12,
    yearly: null,
  },
  createdAtMs: Date.UTC(2026, 7, 3, 8, 0),
  paused: null,
};

export const sampleSource: InspectedSource = {
  path: crmPath,
  kind: 'sqlite',
  format: 'SQLite database',
  bytes: 1_074_671_616,
  isEncrypted: false,
  tables: [
    { table: 'contacts', rows: 18_203 },
    { table: 'activities', rows: 412_077 },
    { table: 'companies', rows: 3_120 },
    { table: 'deals', rows: 9_411 },
  ],
  heldBy: ['KundenPlus.exe'],
  lock: null,
  companions: [],
  isCutShort: null,
  detail: null,
  protectedBy: null,
};

export const goodPlace: PlaceTest = {
  failure: null,
  freeBytes: 731_000_000_000,
  totalBytes: 1_000_000_000_000,
  bytesPerSecond: 88_000_000,
  isOwnDisk: false,
  vaults: [],
};

export const sampleProtection: Protection = {
  plan: samplePlan,
  kit: {
    plan: planId,
    planName: 'kunden',
    vault: vaultId,
    place: vaultPath,
    sources: [crmPath],
    recoveryKey: '7K2MQ-XD94A-0RTHZ-BN5WC-E18GV-PJ3SY-K6F2M-QA7XD',
    readerSha256: '9f2c'.repeat(16),
    madeAtMs: Date.UTC(2026, 10, 21, 9, 30),
  },
  isRemembered: true,
};

/** The app on Windows, as its shell tells. */
export const sampleShellInfo: CallOutput<'shellInfo'> = {
  version: '0.1.0',
  platform: 'win32',
  systemLocale: 'en',
  hasTray: true,
  signInStart: 'on',
};
