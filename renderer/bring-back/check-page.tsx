// The last page before anything is changed: the checks, and the button that begins.
import { Button } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BringBackRequest } from '../../shared/model/bring-back.ts';
import { Page } from '../ui/page.tsx';
import { CheckStep } from './check-step.tsx';
import type { Readiness } from './readiness.ts';
import { usePreview } from './use-preview.ts';

interface CheckPageProps {
  readonly request: BringBackRequest;
  readonly heading: ReactNode;
  readonly onBack: () => void;
  readonly onGoOnWithoutUndo: (goOn: boolean) => void;
  readonly onBegin: (readiness: Readiness) => void;
}

export function CheckPage({
  request,
  heading,
  onBack,
  onGoOnWithoutUndo,
  onBegin,
}: CheckPageProps) {
  const { t } = useTranslation('bringBack');
  const common = useTranslation().t;
  const preview = usePreview(request);
  const { readiness } = preview;
  const canBegin = readiness?.kind === 'ready' || readiness?.kind === 'in-use';
  return (
    <Page
      footer={
        <>
          <Button onClick={onBack}>{common('action.back')}</Button>
          <Button
            appearance="primary"
            disabled={!canBegin}
            onClick={() => {
              if (readiness !== null) onBegin(readiness);
            }}
          >
            {t('check.begin')}
          </Button>
        </>
      }
    >
      {heading}
      <CheckStep request={request} of={preview} onGoOnWithoutUndo={onGoOnWithoutUndo} />
    </Page>
  );
}
