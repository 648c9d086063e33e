// The agent's calls on a real share: set up by a person, kept in the keychain, carried out by the next agent alone.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CallRequest } from '../../shared/ipc/contract.ts';
import { openTestAgent } from '../support/open-test-agent.ts';
import { createLedger } from '../support/quiet-database.ts';
import { SHARE_PASSWORD, SHARE_USER } from '../support/shares/samba-server.ts';
import { canShare } from '../support/shares/share-needs.ts';
import { useShareOffice } from '../support/shares/share-office.ts';

describe.skipIf(!canShare)('a plan on a share', () => {
  const office = useShareOffice();

  test('is set up with the share’s password, kept beside the passphrase, and carried out by the next agent', async () => {
    const place = `${office.address('copies')}/office`;
    const agent = await openTestAgent();
    const crm = join(agent.folder, 'crm.db');
    createLedger(crm, { rows: 50, seed: 1 });
    const sources = [crm];
    const tried = await agent.call('testPlace', { path: place, sources });
    expect(tried.failure).toMatchObject({ code: 'share-password-needed', user: SHARE_USER });
    const passed = await agent.call('testPlace', {
      path: place,
      sources,
      sharePassword: SHARE_PASSWORD,
    });
    expect(passed).toMatchObject({ failure: null, isOwnDisk: expect.not.toBeOneOf([true]) });
    const request: CallRequest<'protect'> = {
      name: 'Büro',
      sources,
      place,
      sharePassword: SHARE_PASSWORD,
      schedule: { kind: 'interval', everyMs: 3_600_000 },
      keep: { last: 10 },
      secret: { kind: 'passphrase', passphrase: 'lemon-otter-river-amber' },
      remember: true,
    };
    const { plan } = await agent.call('protect', request);
    expect(plan.places[0]?.path).toBe(`${place}/B%C3%BCro`);
    const kept = [...agent.keychain.secrets].find(([name]) => name.startsWith('share:'));
    expect(kept?.[1]).toBe(SHARE_PASSWORD);
    await agent.close();
    expect(await office.connected()).toEqual([]);

    const next = await openTestAgent({
      dataFolder: join(agent.folder, 'data'),
      keychain: agent.keychain,
    });
    const { provedBytes } = await next.call('runPlan', { plan: plan.id });
    expect(provedBytes).toBeGreaterThan(0);
    const { plans } = await next.call('overview', {});
    expect(plans[0]?.places).toMatchObject([{ path: `${place}/B%C3%BCro`, isHere: true }]);
  });

  test('whose password was changed at the server asks for it, and goes on with the new one', async () => {
    const place = `${office.address('copies')}/changed`;
    const agent = await openTestAgent();
    const crm = join(agent.folder, 'crm.db');
    createLedger(crm, { rows: 50, seed: 1 });
    const { plan } = await agent.call('protect', {
      name: 'CRM',
      sources: [crm],
      place,
      sharePassword: SHARE_PASSWORD,
      schedule: { kind: 'interval', everyMs: 3_600_000 },
      keep: { last: 10 },
      secret: { kind: 'passphrase', passphrase: 'lemon-otter-river-amber' },
      remember: true,
    });
    await agent.close();
    for (const name of agent.keychain.secrets.keys()) {
      if (name.startsWith('share:')) agent.keychain.secrets.set(name, 'of last year');
    }
    const next = await openTestAgent({
      dataFolder: join(agent.folder, 'data'),
      keychain: agent.keychain,
    });
    const refused = { failure: { code: 'share-refused', user: SHARE_USER } };
    await expect(next.call('runPlan', { plan: plan.id })).rejects.toMatchObject(refused);
    const wrong = next.call('giveSharePassword', { plan: plan.id, password: 'a guess' });
    await expect(wrong).rejects.toMatchObject(refused);
    const given = { plan: plan.id, password: SHARE_PASSWORD };
    const kept = { isTried: true, isRemembered: true };
    await expect(next.call('giveSharePassword', given)).resolves.toEqual(kept);
    await next.call('runPlan', { plan: plan.id });
    const values = [...next.keychain.secrets].filter(([name]) => name.startsWith('share:'));
    expect(values.map(([, password]) => password)).toEqual([SHARE_PASSWORD]);
  });
});
