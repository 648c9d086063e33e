// One file of the folders in a restore point, found by a part of its path.
import { Caption1, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanId, PointId } from '../../shared/model/ids.ts';
import { formatBytes } from '../../shared/text/bytes.ts';
import { useAsk } from '../bridge/use-call.ts';
import { Answer } from '../ui/answer.tsx';
import { useLocale } from '../use-locale.ts';
import type { ChosenFile } from './bring-back-flow.ts';
import { ChoiceList } from './choice-list.tsx';
import { SearchInput } from './search-input.tsx';
import type { StepProps } from './step-props.ts';
import { useSettled } from './use-settled.ts';

const LIMIT = 50;

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  field: { maxWidth: '30em' },
});

interface FileSearchProps extends StepProps {
  readonly plan: PlanId;
  readonly point: PointId;
}

export function FileSearch({ plan, point, flow, change }: FileSearchProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const locale = useLocale();
  const [typed, setTyped] = useState('');
  const search = useSettled(typed.trim());
  const found = useAsk(
    'pointFiles',
    { plan, point, search, limit: LIMIT },
    { keepsPrevious: true },
  );
  const number = new Intl.NumberFormat(locale);
  return (
    <div className={styles.box}>
      <SearchInput
        className={styles.field}
        label={t('files.search')}
        value={typed}
        onSearch={setTyped}
      />
      <Answer of={found}>
        {({ files, total }) => {
          const shown = withChosen(files, flow.file);
          if (shown.length === 0) return <Text>{t('files.none')}</Text>;
          return (
            <>
              <Caption1 role="status">
                {t('files.found', {
                  shown: number.format(files.length),
                  total: number.format(total),
                })}
              </Caption1>
              <ChoiceList
                label={t('files.results')}
                value={flow.file === null ? null : keyOf(flow.file)}
                choices={shown.map((file) => ({
                  value: keyOf(file),
                  title: nameOf(file.path),
                  hint:
                    file.bytes === null
                      ? file.path
                      : `${file.path} · ${formatBytes(file.bytes, locale)}`,
                }))}
                onChoose={(key) => {
                  const file = shown.find((one) => keyOf(one) === key);
                  if (file !== undefined) {
                    change({ kind: 'file', file: { source: file.source, path: file.path } });
                  }
                }}
              />
            </>
          );
        }}
      </Answer>
    </div>
  );
}

interface ListedFile extends ChosenFile {
  readonly bytes: number | null;
}

/** What was chosen before stays in sight whatever is searched for. */
function withChosen(
  files: readonly ListedFile[],
  chosen: ChosenFile | null,
): readonly ListedFile[] {
  if (chosen === null || files.some((file) => keyOf(file) === keyOf(chosen))) return files;
  return [{ ...chosen, bytes: null }, ...files];
}

const keyOf = ({ source, path }: ChosenFile): string => `${source}/${path}`;
const nameOf = (path: string): string => path.split('/').at(-1) ?? path;
