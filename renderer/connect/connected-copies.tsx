// What came back with the copies, and the way on.
import {
  Button,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Text,
  Title2,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { TakenUp } from '../../shared/model/setup.ts';
import { useNavigation } from '../route.ts';
import { Page } from '../ui/page.tsx';
import { Row } from '../ui/row.tsx';

export function ConnectedCopies({ taken }: { readonly taken: TakenUp }) {
  const { t } = useTranslation('connect');
  const { go } = useNavigation();
  const [first] = taken.plans;
  return (
    <Page
      footer={
        <>
          <Button onClick={() => go({ kind: 'home' })}>{t('later')}</Button>
          {first !== undefined && (
            <Button
              appearance="primary"
              onClick={() => go({ kind: 'bring-back', plan: first.plan.id })}
            >
              {t('next')}
            </Button>
          )}
        </>
      }
    >
      <Title2 as="h1">{t('title')}</Title2>
      <MessageBar intent="success">
        <MessageBarBody>
          <MessageBarTitle>{t('done')}</MessageBarTitle>
          {t('points', { count: taken.points })}
        </MessageBarBody>
      </MessageBar>
      <Text>{first === undefined ? t('noPlans') : t('plans')}</Text>
      {taken.plans.map(({ plan, isNew, missingSources }) => (
        <Row
          key={plan.id}
          title={plan.name}
          facts={[
            isNew ? t('isNew') : t('known'),
            ...(missingSources.length === 0
              ? []
              : [t('missing', { paths: missingSources.join(', ') })]),
          ]}
        />
      ))}
    </Page>
  );
}
