// The whole window in happy-dom, on a fake bridge.
import { createDOMRenderer } from '@fluentui/react-components';
import { cleanup, render } from '@testing-library/react';
import { afterEach } from 'vitest';
import { App } from '../../renderer/app.tsx';
import type { Route } from '../../renderer/route.ts';
import { createFakeBridge, type FakeAnswers, type FakeBridge } from './fake-bridge.ts';

afterEach(cleanup);

/** Renders the app at `route`; returns the bridge to look at and to tell events with. */
export function renderApp(answers: FakeAnswers, route: Route = { kind: 'home' }): FakeBridge {
  const bridge = createFakeBridge(answers);
  render(<App bridge={bridge} styles={createDOMRenderer(document)} start={route} />);
  return bridge;
}
