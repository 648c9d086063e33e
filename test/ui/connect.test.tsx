// A new computer, on a fake bridge.
import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { renderApp } from './render-app.tsx';
import { goodPlace, usbPath, vaultId, vaultPath } from './states/sample-answers.ts';

const user = userEvent.setup({ delay: null });

test('the passphrase goes as it was typed, with a blank at its end', async () => {
  const bridge = renderApp(
    {
      testPlace: { value: { ...goodPlace, vaults: [{ vault: vaultId, path: vaultPath }] } },
      connect: 'never',
    },
    { kind: 'connect' },
  );
  await user.type(await screen.findByLabelText('Folder of the copies'), usbPath);
  await user.click(screen.getByText('Look there'));
  await user.type(await screen.findByLabelText(/^Passphrase or recovery key/u), 'otter lantern ');
  await user.click(screen.getByText('Open the copies'));
  await waitFor(() =>
    expect(bridge.calls.find(({ name }) => name === 'connect')?.input).toEqual({
      place: vaultPath,
      secret: 'otter lantern ',
      remember: true,
    }),
  );
});
