// A new computer: find the copies, open them, take up the plans that lie in them, and go on to bring the data back.
import {
  Button,
  Checkbox,
  Field,
  Input,
  makeStyles,
  Spinner,
  Text,
  Title2,
  tokens,
} from '@fluentui/react-components';
import { FolderOpen20Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { failureIn } from '../bridge/client.ts';
import { useClient } from '../bridge/client-context.ts';
import { useOrder } from '../bridge/use-call.ts';
import { useHold } from '../bridge/use-hold.ts';
import { useNavigation } from '../route.ts';
import { NetworkAddress } from '../setup/network-address.tsx';
import { emptyShareForm, fieldOfFailure, isMeantBy } from '../setup/share-form.ts';
import { FailurePanel } from '../ui/failure-panel.tsx';
import { Page } from '../ui/page.tsx';
import { Row } from '../ui/row.tsx';
import { SecretField } from '../ui/secret-field.tsx';
import { ConnectedCopies } from './connected-copies.tsx';

const useStyles = makeStyles({
  section: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

export function ConnectScreen() {
  const styles = useStyles();
  const { t } = useTranslation('connect');
  const common = useTranslation().t;
  const { go } = useNavigation();
  const [vault, setVault] = useState<string | null>(null);
  const [secret, setSecret] = useState('');
  const [remember, setRemember] = useState(true);
  const connect = useOrder('connect');
  useHold(vault !== null && connect.data === undefined);
  if (connect.data !== undefined) return <ConnectedCopies taken={connect.data} />;
  const open = (): void => {
    if (vault !== null) connect.mutate({ place: vault, secret, remember });
  };
  return (
    <Page
      footer={
        <>
          <Button onClick={() => go({ kind: 'home' })}>{common('action.cancel')}</Button>
          <Button
            appearance="primary"
            disabled={vault === null || secret.trim() === '' || connect.isPending}
            onClick={open}
          >
            {t('open')}
          </Button>
        </>
      }
    >
      <Title2 as="h1">{t('title')}</Title2>
      <Text>{t('intro')}</Text>
      <VaultChoice chosen={vault} onChoose={setVault} />
      {vault !== null && (
        <form
          className={styles.section}
          onSubmit={(event) => {
            event.preventDefault();
            open();
          }}
        >
          <SecretField
            label={t('secret')}
            hint={t('secretHint')}
            isRequired
            value={secret}
            onChange={setSecret}
          />
          <Checkbox
            label={t('remember')}
            checked={remember}
            onChange={(_, { checked }) => setRemember(checked === true)}
          />
        </form>
      )}
      {connect.isPending && <Spinner labelPosition="after" label={t('opening')} />}
      {connect.error !== null && <FailurePanel failure={failureIn(connect.error)} />}
    </Page>
  );
}

interface VaultChoiceProps {
  readonly chosen: string | null;
  readonly onChoose: (path: string | null) => void;
}

function VaultChoice({ chosen, onChoose }: VaultChoiceProps) {
  const styles = useStyles();
  const { t } = useTranslation('connect');
  const client = useClient();
  const [folder, setFolder] = useState('');
  const look = useOrder('testPlace');
  const [share, setShare] = useState(emptyShareForm);
  // The agent keeps the password of a share that it has opened: the copies there are opened with it.
  const search = async (path: string, password: string): Promise<void> => {
    setFolder(path);
    onChoose(null);
    const secret = password === '' ? {} : { sharePassword: password };
    const { vaults } = await look.mutateAsync({ path, sources: [], ...secret });
    const [only] = vaults;
    if (only !== undefined && vaults.length === 1) onChoose(only.path);
  };
  const begin = (path: string, password = ''): void =>
    void search(path, password).catch(() => undefined);
  const pick = async (): Promise<void> => {
    const { path } = await client.call('pickFolder', {});
    if (path !== null) begin(path);
  };
  const vaults = look.data?.vaults ?? [];
  const failure = look.error === null ? (look.data?.failure ?? null) : failureIn(look.error);
  const isShare = isMeantBy(share, folder);
  const shareFailure = isShare ? failure : null;
  const isSaidAtField = shareFailure !== null && fieldOfFailure(shareFailure) !== null;
  return (
    <section className={styles.section}>
      <Field label={t('path')}>
        <Input
          value={isShare ? '' : folder}
          spellCheck={false}
          onChange={(_, { value }) => setFolder(value)}
        />
      </Field>
      <div className={styles.row}>
        <Button
          disabled={folder.trim() === '' || isShare || look.isPending}
          onClick={() => begin(folder.trim())}
        >
          {t('search')}
        </Button>
        <Button icon={<FolderOpen20Regular />} onClick={() => void pick()}>
          {t('chooseFolder')}
        </Button>
      </div>
      <NetworkAddress
        form={share}
        failure={shareFailure}
        isTesting={look.isPending}
        onChange={(form) => {
          if (isShare) {
            look.reset();
            setFolder('');
            onChoose(null);
          }
          setShare(form);
        }}
        onTest={begin}
      />
      {look.isPending && <Spinner size="small" labelPosition="after" label={t('searching')} />}
      {vaults.map(({ path }) => (
        <Row
          key={path}
          title={path}
          facts={[t('found')]}
          action={
            <Button
              appearance={path === chosen ? 'primary' : 'secondary'}
              aria-pressed={path === chosen}
              aria-label={`${t('choose')} ${path}`}
              onClick={() => onChoose(path)}
            >
              {t('choose')}
            </Button>
          }
        />
      ))}
      {/* A place that cannot be written to may still hold copies to read. */}
      {look.isSuccess && vaults.length === 0 && failure === null && <Text>{t('none')}</Text>}
      {failure !== null && vaults.length === 0 && !isSaidAtField && (
        <FailurePanel failure={failure} />
      )}
    </section>
  );
}
