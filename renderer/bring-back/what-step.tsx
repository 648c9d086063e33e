// Step 3: how much of the restore point shall come back, and which part of it.
import { Field, makeStyles, Select, Text, tokens } from '@fluentui/react-components';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelinePoint } from '../../shared/model/timeline.ts';
import { formatBytes } from '../../shared/text/bytes.ts';
import { useLocale } from '../use-locale.ts';
import { isOfRows, scopesOf, sourcesFor, type Scope } from './bring-back-flow.ts';
import { ChoiceList } from './choice-list.tsx';
import { FileSearch } from './file-search.tsx';
import { RecordSearch } from './record-search.tsx';
import { Section } from './section.tsx';
import type { StepProps } from './step-props.ts';
import { TableChoice } from './table-choice.tsx';
import type { RowSessionUse } from './use-row-session.ts';
import { formatWhen, zoneHere } from './when-words.ts';

const useStyles = makeStyles({
  point: { color: tokens.colorNeutralForeground2 },
  field: { maxWidth: '30em' },
});

interface WhatStepProps extends StepProps {
  readonly point: TimelinePoint;
  readonly rowSession: RowSessionUse;
}

export function WhatStep({ flow, change, point, rowSession }: WhatStepProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  const scopes = scopesOf(point);
  useFittingChoice({ flow, change, point });
  return (
    <>
      <Text className={styles.point}>
        {t('what.point', { moment: formatWhen(point.takenAtMs, zoneHere(), locale) })}
      </Text>
      <ChoiceList
        label={t('what.title')}
        value={flow.scope}
        choices={scopes.map((scope) => ({
          value: scope,
          title: t(`what.${scope}`),
          hint: t(`what.${scope}Hint`),
        }))}
        onChoose={(scope: Scope) => change({ kind: 'scope', scope })}
      />
      <SourceChoice flow={flow} change={change} point={point} />
      {flow.scope === 'file' && flow.plan !== null && (
        <FileSearch plan={flow.plan} point={point.id} flow={flow} change={change} />
      )}
      {flow.scope === 'table' && (
        <TableChoice flow={flow} change={change} point={point} rowSession={rowSession} />
      )}
      {flow.scope === 'rows' && (
        <RecordSearch flow={flow} change={change} rowSession={rowSession} />
      )}
    </>
  );
}

interface PointStepProps extends StepProps {
  readonly point: TimelinePoint;
}

/** What the restore point does not have is not left chosen. */
function useFittingChoice({ flow, change, point }: PointStepProps): void {
  const { scope, source } = flow;
  useEffect(() => {
    if (!scopesOf(point).includes(scope)) {
      change({ kind: 'scope', scope: 'everything' });
      return;
    }
    const sources = sourcesFor(scope, point);
    const [first] = sources;
    if (first !== undefined && !sources.some(({ id }) => id === source)) {
      change({ kind: 'source', source: first.id });
    }
  }, [scope, source, point, change]);
}

function SourceChoice({ flow, change, point }: PointStepProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  const sources = sourcesFor(flow.scope, point);
  if (flow.scope === 'source') {
    return (
      <Section title={t('what.whichSource')}>
        <ChoiceList
          label={t('what.whichSource')}
          value={flow.source}
          choices={sources.map(({ id, name, path, bytes }) => ({
            value: id,
            title: name,
            hint: `${path} · ${formatBytes(bytes, locale)}`,
          }))}
          onChoose={(source) => change({ kind: 'source', source })}
        />
      </Section>
    );
  }
  if (!isOfRows(flow.scope) || sources.length < 2) return null;
  return (
    <Field className={styles.field} label={t('what.whichDatabase')}>
      <Select
        value={flow.source ?? ''}
        onChange={(_, { value }) => {
          const chosen = sources.find(({ id }) => id === value);
          if (chosen !== undefined) change({ kind: 'source', source: chosen.id });
        }}
      >
        {sources.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
