import { screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { renderApp } from './render-app.tsx';
import { crmPath, goodPlace, sampleProtection, sampleSource } from './states/sample-answers.ts';
import { overviewOf } from './states/sample-overview.ts';

const user = userEvent.setup({ delay: null });
const press = async (name: string | RegExp): Promise<void> =>
  user.click(await screen.findByRole('button', { name }));

test('disks that take turns are set up as one plan', async () => {
  const bridge = renderApp({
    overview: { value: overviewOf([]) },
    findSources: {
      value: {
        found: [{ path: crmPath, format: 'SQLite database', bytes: 1, modifiedAtMs: 0 }],
        isComplete: true,
      },
    },
    inspectSource: { value: sampleSource },
    placeCandidates: { value: { candidates: [] } },
    testPlace: { value: goodPlace },
    suggestPassphrase: { value: { passphrase: 'otter-lantern-river' } },
    protect: { value: sampleProtection },
  });
  await press('Protect my CRM');
  await press(`Choose ${crmPath}`);
  await press('Next');
  for (const place of ['E:\\', 'F:\\']) {
    const field = await screen.findByLabelText('Folder for the copies');
    await user.clear(field);
    await user.type(field, place);
    await press('Test this place');
    await screen.findByText('This place works');
    if (place === 'E:\\') await press('Add another place as well');
  }
  await user.click(await screen.findByRole('checkbox', { name: /take turns/u }));
  await press('Next');
  await press('Next');
  await user.click(await screen.findByRole('radio', { name: /One made for me/u }));
  await screen.findByText(/otter-lantern/u);
  await press(/Create the folder/u);
  const orders = bridge.calls.filter(({ name }) => name === 'protect').map(({ input }) => input);
  expect(orders).toMatchObject([{ place: 'E:\\', furtherPlaces: ['F:\\'], set: 'Disks in turn' }]);
});
