// The recovery key, shown once: to save as a PDF, and to prove that it was kept by typing two of its groups again.
import {
  Button,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Subtitle2,
  Text,
  tokens,
} from '@fluentui/react-components';
import { CheckmarkCircle20Filled, Save20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecoveryKit } from '../../shared/model/setup.ts';
import { failureIn } from '../bridge/client.ts';
import { useOrder } from '../bridge/use-call.ts';
import { useHold } from '../bridge/use-hold.ts';
import { FailurePanel } from './failure-panel.tsx';

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  key: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    margin: 0,
    padding: tokens.spacingHorizontalL,
    listStyleType: 'none',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    backgroundColor: tokens.colorNeutralBackground3,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalM,
    alignItems: 'flex-end',
  },
  group: { width: '10em' },
  // Else it is as wide as twenty characters.
  input: { minWidth: 0 },
  done: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    color: tokens.colorStatusSuccessForeground1,
  },
});

interface RecoveryKitViewProps {
  readonly kit: RecoveryKit;
  readonly isConfirmed: boolean;
  readonly onConfirmed: () => void;
}

export function RecoveryKitView({ kit, isConfirmed, onConfirmed }: RecoveryKitViewProps) {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const groups = kit.recoveryKey.split(/[\s-]+/u);
  // It is shown this once.
  useHold(!isConfirmed);
  return (
    <div className={styles.box}>
      <Subtitle2 as="h2">{t('kit.title')}</Subtitle2>
      <Text>{t('kit.why')}</Text>
      <ol className={styles.key} aria-label={t('kit.keyLabel')}>
        {groups.map((group, index) => (
          <li key={index}>{group}</li>
        ))}
      </ol>
      <SaveKit kit={kit} />
      {isConfirmed ? (
        <div className={styles.done} role="status">
          <CheckmarkCircle20Filled aria-hidden />
          <Text>{t('kit.confirmed')}</Text>
        </div>
      ) : (
        <ConfirmKit kit={kit} groups={groups.length} onConfirmed={onConfirmed} />
      )}
    </div>
  );
}

function SaveKit({ kit }: { readonly kit: RecoveryKit }) {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const save = useOrder('saveKit');
  const look = useOrder('testPlace');
  const run = async (): Promise<void> => {
    const { path } = await save.mutateAsync({ kit });
    if (path === null) return;
    const folder = path.replace(/[/\\][^/\\]*$/u, '') || '/';
    await look.mutateAsync({ path: folder, sources: [...kit.sources] });
  };
  return (
    <div className={styles.box}>
      <div className={styles.row}>
        <Button
          icon={<Save20Regular />}
          disabled={save.isPending}
          onClick={() => void run().catch(() => undefined)}
        >
          {t('kit.save')}
        </Button>
        {typeof save.data?.path === 'string' && (
          <Text>{t('kit.savedAs', { path: save.data.path })}</Text>
        )}
      </div>
      {look.data?.isOwnDisk === true && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{t('kit.ownDisk')}</MessageBarBody>
        </MessageBar>
      )}
      {save.error !== null && <FailurePanel failure={failureIn(save.error)} />}
    </div>
  );
}

interface ConfirmKitProps {
  readonly kit: RecoveryKit;
  readonly groups: number;
  readonly onConfirmed: () => void;
}

function ConfirmKit({ kit, groups, onConfirmed }: ConfirmKitProps) {
  const styles = useStyles();
  const { t } = useTranslation('setup');
  const [asked] = useState(() => pickTwo(groups));
  const [typed, setTyped] = useState<readonly [string, string]>(['', '']);
  const confirm = useOrder('confirmKit');
  const wrong = confirm.data?.wrong ?? [];
  const send = async (): Promise<void> => {
    const answers = asked.map((index, at) => ({ index, text: typed[at] ?? '' }));
    const { isConfirmed } = await confirm.mutateAsync({
      plan: kit.plan,
      proof: { kind: 'groups', groups: answers },
    });
    if (isConfirmed) onConfirmed();
  };
  const setOne = (at: number, text: string): void => {
    confirm.reset();
    setTyped(([first, second]) => (at === 0 ? [text, second] : [first, text]));
  };
  return (
    <form
      className={styles.box}
      onSubmit={(event) => {
        event.preventDefault();
        void send().catch(() => undefined);
      }}
    >
      <Text>{t('kit.confirmWhy')}</Text>
      <div className={styles.row}>
        {asked.map((index, at) => (
          <Field
            key={index}
            className={styles.group}
            label={t('kit.group', { number: index + 1 })}
            {...(wrong.includes(index)
              ? { validationState: 'error' as const, validationMessage: t('kit.groupWrong') }
              : {})}
          >
            <Input
              className={styles.input}
              value={typed[at] ?? ''}
              autoComplete="off"
              spellCheck={false}
              onChange={(_, { value }) => setOne(at, value)}
            />
          </Field>
        ))}
        <Button type="submit" disabled={confirm.isPending || typed.includes('')}>
          {t('kit.confirm')}
        </Button>
      </div>
      {confirm.error !== null && <FailurePanel failure={failureIn(confirm.error)} />}
    </form>
  );
}

/** Two different groups, ascending, by chance: nobody can learn them beforehand. */
function pickTwo(groups: number): readonly [number, number] {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint32Array(2));
  const first = a % groups;
  const second = (first + 1 + (b % (groups - 1))) % groups;
  return first < second ? [first, second] : [second, first];
}
