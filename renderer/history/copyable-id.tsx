// The number of a restore point, to be copied: the command line and the emergency reader ask for it.
import { Button, Caption1, Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { Copy20Regular } from '@fluentui/react-icons';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

const useStyles = makeStyles({
  row: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS },
  input: { flexGrow: 1, minWidth: 0, fontFamily: tokens.fontFamilyMonospace },
});

export function CopyableId({ id }: { readonly id: string }) {
  const styles = useStyles();
  const { t } = useTranslation('history');
  const row = useRef<HTMLDivElement>(null);
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    row.current?.querySelector('input')?.select();
    try {
      await navigator.clipboard.writeText(id);
      setSaid(t('details.copied'));
    } catch {
      // Where the system does not let windows write to its clipboard, what is selected can be copied by hand.
      setSaid(t('details.selectToCopy'));
    }
  };
  return (
    <Field label={t('details.point')}>
      <div ref={row} className={styles.row}>
        <Input className={styles.input} readOnly value={id} aria-label={t('details.point')} />
        <Button
          icon={<Copy20Regular />}
          aria-label={t('details.copyPoint')}
          onClick={() => void copy()}
        />
      </div>
      <Caption1 role="status">{said}</Caption1>
    </Field>
  );
}
