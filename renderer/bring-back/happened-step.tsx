// Step 1: what happened, and to which CRM where there are several. The answer decides what the later steps propose.
import {
  History24Regular,
  ErrorCircle24Regular,
  Desktop24Regular,
  Document24Regular,
  PersonDelete24Regular,
} from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanOverview } from '../../shared/model/overview.ts';
import { happenings, type Happening } from './bring-back-flow.ts';
import { ChoiceList } from './choice-list.tsx';
import { Section } from './section.tsx';
import type { StepProps } from './step-props.ts';

const words = {
  'record-lost': 'recordLost',
  'crm-broken': 'crmBroken',
  'earlier-state': 'earlierState',
  'new-computer': 'newComputer',
  'just-a-file': 'justAFile',
} as const satisfies Record<Happening, string>;

const icons: Readonly<Record<Happening, ReactNode>> = {
  'record-lost': <PersonDelete24Regular />,
  'crm-broken': <ErrorCircle24Regular />,
  'earlier-state': <History24Regular />,
  'new-computer': <Desktop24Regular />,
  'just-a-file': <Document24Regular />,
};

interface HappenedStepProps extends StepProps {
  readonly plans: readonly PlanOverview[];
}

export function HappenedStep({ flow, change, plans }: HappenedStepProps) {
  const { t } = useTranslation('bringBack');
  return (
    <>
      {plans.length > 1 && (
        <Section title={t('happened.crm')}>
          <ChoiceList
            label={t('happened.crm')}
            value={flow.plan}
            choices={plans.map(({ plan }) => ({
              value: plan.id,
              title: plan.name,
              hint: plan.sources.map(({ path }) => path).join(', '),
            }))}
            onChoose={(plan) => change({ kind: 'plan', plan })}
          />
        </Section>
      )}
      <ChoiceList
        label={t('happened.title')}
        value={flow.happening}
        choices={happenings.map((happening) => ({
          value: happening,
          title: t(`happened.${words[happening]}`),
          hint: t(`happened.${words[happening]}Hint`),
          icon: icons[happening],
        }))}
        onChoose={(happening) => change({ kind: 'happening', happening })}
      />
    </>
  );
}
