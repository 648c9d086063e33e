// The whole window in happy-dom, on a fake bridge.
import { createDOMRenderer } from '@fluentui/react-components';
import { cleanup, configure, render } from '@testing-library/react';
import { afterEach } from 'vitest';
import { App } from '../../renderer/app.tsx';
import type { Route } from '../../renderer/route.ts';
import { createFakeBridge, type FakeAnswers, type FakeBridge } from './fake-bridge.ts';

afterEach(cleanup);

// On a busy machine the first screen alone can take a second. Whether each element can be seen takes most of the time
// otherwise; and a dialog that is opened faster than any hand could, right after another one, stays hidden here.
configure({ asyncUtilTimeout: 10_000, defaultHidden: true });

// Here a cancelled animation fails the run, as when a dialog leaves early; without any, the end is there at once.
Reflect.deleteProperty(Element.prototype, 'animate');

/** Without style sheets: happy-dom would look through all of them for every role that a test asks for. */
// Queries by role ask for the style of every element, which took three quarters of the time; without styles (see below) the
// answer is always the same.
const unstyled = document.createElement('div').style;
window.getComputedStyle = () => unstyled;

/** Renders the app at `route`; returns the bridge to look at and to tell events with. */
export function renderApp(answers: FakeAnswers, route: Route = { kind: 'home' }): FakeBridge {
  const bridge = createFakeBridge(answers);
  // Styles go nowhere: nothing looks at them here, and thousands of rules make every query slow.
  render(<App bridge={bridge} styles={createDOMRenderer(undefined)} start={route} />);
  return bridge;
}
