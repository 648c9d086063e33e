// Step 4: back in place, or into a folder to look at. Says that the present state is kept.
import { Button, Field, Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import {
  ArrowUndo24Regular,
  FolderOpen20Regular,
  FolderOpen24Regular,
} from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { UNDO_KEPT_DAYS } from '../../shared/model/bring-back.ts';
import { failureIn } from '../bridge/client.ts';
import { useOrder } from '../bridge/use-call.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { isOfRows } from './bring-back-flow.ts';
import { ChoiceList } from './choice-list.tsx';
import type { StepProps } from './step-props.ts';

const useStyles = makeStyles({
  folder: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-end',
    gap: tokens.spacingHorizontalS,
  },
  path: { flexGrow: 1, flexBasis: '16em' },
});

export function WhereStep({ flow, change }: StepProps) {
  const { t } = useTranslation('bringBack');
  if (isOfRows(flow.scope)) return <Text>{t('where.rows', { days: UNDO_KEPT_DAYS })}</Text>;
  return (
    <>
      <ChoiceList
        label={t('where.title')}
        value={flow.where}
        choices={[
          {
            value: 'in-place',
            title: t('where.inPlace'),
            hint: t('where.inPlaceHint', { days: UNDO_KEPT_DAYS }),
            icon: <ArrowUndo24Regular />,
          },
          {
            value: 'folder',
            title: t('where.folder'),
            hint: t('where.folderHint'),
            icon: <FolderOpen24Regular />,
          },
        ]}
        onChoose={(where) => change({ kind: 'where', where })}
      />
      {flow.where === 'folder' && <FolderChoice flow={flow} change={change} />}
    </>
  );
}

function FolderChoice({ flow, change }: StepProps) {
  const styles = useStyles();
  const { t } = useTranslation('bringBack');
  const pick = useOrder('pickFolder');
  const choose = (): void =>
    pick.mutate(
      {},
      {
        onSuccess: ({ path }) => {
          if (path !== null) change({ kind: 'folder', folder: path });
        },
      },
    );
  return (
    <>
      <div className={styles.folder}>
        <Field className={styles.path} label={t('where.chosen')}>
          <Input readOnly value={flow.folder ?? ''} />
        </Field>
        <Button icon={<FolderOpen20Regular />} disabled={pick.isPending} onClick={choose}>
          {t('where.choose')}
        </Button>
      </div>
      {pick.error !== null && <FailurePanel failure={failureIn(pick.error)} />}
    </>
  );
}
