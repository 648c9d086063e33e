// The window: styles, language, bridge and navigation around the screen that stands there.
import { FluentProvider, RendererProvider, type GriffelRenderer } from '@fluentui/react-components';
import { useEffect, useReducer, useState, type ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { Bridge } from '../shared/ipc/bridge.ts';
import { defaultSettings } from '../shared/model/settings.ts';
import type { Locale } from '../shared/text/locale.ts';
import { BridgeProvider } from './bridge/bridge-provider.tsx';
import { useClient } from './bridge/client-context.ts';
import { useAsk } from './bridge/use-call.ts';
import { Frame } from './frame/frame.tsx';
import { NavigationContext, type Route, type Visit } from './route.ts';
import { Screen } from './screen.tsx';
import { SetupDraftProvider } from './setup/setup-draft-context.tsx';
import { createI18n } from './text/i18n.ts';
import { useTheme } from './theme.ts';

export interface AppProps {
  readonly bridge: Bridge;
  readonly styles: GriffelRenderer;
  /** Where the window begins; tests begin elsewhere. */
  readonly start?: Route;
}

export function App({ bridge, styles, start = { kind: 'home' } }: AppProps) {
  return (
    <RendererProvider renderer={styles}>
      <BridgeProvider bridge={bridge}>
        <Look>
          <Navigator start={start}>
            <SetupDraftProvider>
              <Frame>
                <Screen />
              </Frame>
            </SetupDraftProvider>
          </Navigator>
        </Look>
      </BridgeProvider>
    </RendererProvider>
  );
}

/** Theme and language by the settings; until these are known, by the system. */
function Look({ children }: { readonly children: ReactNode }) {
  const settings = useAsk('settings', {}).data ?? defaultSettings;
  const systemLocale = useAsk('shellInfo', {}).data?.systemLocale;
  const theme = useTheme(settings.theme);
  const locale: Locale | undefined =
    settings.language === 'system' ? systemLocale : settings.language;
  const [i18n] = useState(() => createI18n(locale ?? 'en'));
  useEffect(() => {
    if (locale === undefined) return;
    void i18n.changeLanguage(locale);
    document.documentElement.lang = locale;
  }, [i18n, locale]);
  return (
    <I18nextProvider i18n={i18n}>
      <FluentProvider theme={theme} style={{ height: '100%' }}>
        {/* Words in the wrong language must not flash by. */}
        {locale === undefined ? null : children}
      </FluentProvider>
    </I18nextProvider>
  );
}

const visitNext = ({ visit }: Visit, route: Route): Visit => ({ route, visit: visit + 1 });

function Navigator({ start, children }: { readonly start: Route; readonly children: ReactNode }) {
  const client = useClient();
  const [{ route, visit }, go] = useReducer(visitNext, { route: start, visit: 0 });
  useEffect(
    () =>
      client.onEvent((event) => {
        if (event.kind === 'open') go(event.screen);
      }),
    [client, go],
  );
  return <NavigationContext value={{ route, visit, go }}>{children}</NavigationContext>;
}
