// The window's entry: composition only. Everything that it knows comes over the bridge; it touches no file and no network.
import './quiet-zod.ts';
import { createDOMRenderer } from '@fluentui/react-components';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Bridge } from '../shared/ipc/bridge.ts';
import { App } from './app.tsx';

declare global {
  interface Window {
    readonly holdfast: Bridge;
  }
}

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
const styles = createDOMRenderer(document, { styleElementAttributes: { nonce } });
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no root');
createRoot(root).render(
  <StrictMode>
    <App bridge={window.holdfast} styles={styles} />
  </StrictMode>,
);
