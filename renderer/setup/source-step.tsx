// Step 1: the CRM's data, found by its signature, chosen, or dropped; each is looked at before it counts.
import {
  Button,
  Field,
  Input,
  makeStyles,
  mergeClasses,
  Spinner,
  Subtitle2,
  Text,
  tokens,
} from '@fluentui/react-components';
import { Document24Regular, Folder24Regular } from '@fluentui/react-icons';
import { useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { failureIn } from '../bridge/client.ts';
import { useClient } from '../bridge/client-context.ts';
import { useAsk, useOrder } from '../bridge/use-call.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { ChosenSource } from './chosen-source.tsx';
import { FoundSources } from './found-sources.tsx';
import { useSetupDraft } from './setup-draft-context.tsx';

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  drop: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    padding: tokens.spacingHorizontalL,
    border: `1px dashed ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  dropOver: {
    backgroundColor: tokens.colorBrandBackground2,
    '@media (forced-colors: active)': { outline: '2px solid Highlight' },
  },
});

export function SourceStep() {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const { draft, change } = useSetupDraft();
  const inspect = useOrder('inspectSource');
  const look = async (path: string): Promise<void> => {
    const source = await inspect.mutateAsync({ path });
    change({ kind: 'add-source', source });
  };
  const add = (path: string): void => void look(path).catch(() => undefined);
  return (
    <>
      <Text>{t('source.intro')}</Text>
      {draft.sources.length > 0 && (
        <section className={styles.section}>
          <Subtitle2 as="h2">{t('source.chosen')}</Subtitle2>
          {draft.sources.map((source) => (
            <ChosenSource
              key={source.path}
              source={source}
              onRemove={() => change({ kind: 'remove-source', path: source.path })}
            />
          ))}
          <Field label={t('source.name')} required>
            <Input
              value={draft.name}
              maxLength={80}
              onChange={(_, { value }) => change({ kind: 'set', part: { name: value } })}
            />
          </Field>
        </section>
      )}
      {inspect.isPending && (
        <Spinner
          size="small"
          labelPosition="after"
          label={t('source.looking', { path: inspect.variables.path })}
        />
      )}
      {inspect.error !== null && <FailurePanel failure={failureIn(inspect.error)} />}
      <FoundSources
        search={useAsk('findSources', {})}
        chosen={draft.sources.map(({ path }) => path)}
        onAdd={add}
      />
      <OwnChoice onAdd={add} />
    </>
  );
}

function OwnChoice({ onAdd }: { readonly onAdd: (path: string) => void }) {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const client = useClient();
  const [isOver, setOver] = useState(false);
  const pick = async (name: 'pickFile' | 'pickFolder'): Promise<void> => {
    const { path } = await client.call(name, {});
    if (path !== null) onAdd(path);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    for (const file of event.dataTransfer.files) {
      const path = client.pathOfFile(file);
      if (path !== '') onAdd(path);
    }
  };
  return (
    <div
      className={mergeClasses(styles.drop, isOver && styles.dropOver)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Button icon={<Document24Regular />} onClick={() => void pick('pickFile')}>
        {t('source.chooseFile')}
      </Button>
      <Button icon={<Folder24Regular />} onClick={() => void pick('pickFolder')}>
        {t('source.chooseFolder')}
      </Button>
      <Text>{t('source.drop')}</Text>
    </div>
  );
}
