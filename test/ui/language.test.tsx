import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { defaultSettings } from '../../shared/model/settings.ts';
import { renderApp } from './render-app.tsx';

test('the window speaks the language of the settings', async () => {
  renderApp(
    { settings: { value: { ...defaultSettings, language: 'zh-CN' } } },
    { kind: 'settings' },
  );
  expect(await screen.findByRole('button', { name: '主页' })).toBeTruthy();
});
