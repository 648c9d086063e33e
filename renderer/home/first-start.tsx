// The first start: two doors.
import {
  Body1,
  makeStyles,
  Text,
  Title1,
  tokens,
  typographyStyles,
} from '@fluentui/react-components';
import { ArchiveArrowBack48Regular, ShieldAdd48Regular } from '@fluentui/react-icons';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigation } from '../route.ts';
import { Page } from '../ui/page.tsx';

const useStyles = makeStyles({
  intro: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  doors: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(18em, 100%), 1fr))',
    gap: tokens.spacingHorizontalL,
  },
  door: {
    position: 'relative',
    display: 'flex',
    flexDirection: 'column',
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow4,
    ':hover': { boxShadow: tokens.shadow8, backgroundColor: tokens.colorNeutralBackground1Hover },
    padding: tokens.spacingHorizontalXXL,
    gap: tokens.spacingVerticalM,
    alignItems: 'flex-start',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    '@media (max-width: 700px)': { padding: tokens.spacingHorizontalL },
  },
  /** Only the title is the name; all of the card can be clicked. */
  button: {
    ...typographyStyles.subtitle1,
    padding: 0,
    border: 'none',
    textAlign: 'start',
    color: tokens.colorNeutralForeground1,
    backgroundColor: 'transparent',
    cursor: 'pointer',
    outlineStyle: 'none',
    '::after': {
      content: '""',
      position: 'absolute',
      inset: 0,
      borderRadius: tokens.borderRadiusXLarge,
    },
    ':focus-visible::after': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  icon: { color: tokens.colorBrandForeground1 },
  text: { color: tokens.colorNeutralForeground2 },
});

export function FirstStart() {
  const styles = useStyles();
  const { t } = useTranslation('home');
  const { go } = useNavigation();
  return (
    <Page>
      <div className={styles.intro}>
        <Title1 as="h1">{t('welcome')}</Title1>
        <Body1 className={styles.text}>{t('welcomeText')}</Body1>
      </div>
      <div className={styles.doors}>
        <Door
          icon={<ShieldAdd48Regular className={styles.icon} aria-hidden />}
          title={t('protect')}
          text={t('protectText')}
          onOpen={() => go({ kind: 'setup' })}
        />
        <Door
          icon={<ArchiveArrowBack48Regular className={styles.icon} aria-hidden />}
          title={t('connect')}
          text={t('connectText')}
          onOpen={() => go({ kind: 'connect' })}
        />
      </div>
    </Page>
  );
}

interface DoorProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly onOpen: () => void;
}

function Door({ icon, title, text, onOpen }: DoorProps) {
  const styles = useStyles();
  const id = useId();
  return (
    <div className={styles.door}>
      {icon}
      <button type="button" className={styles.button} aria-describedby={id} onClick={onOpen}>
        {title}
      </button>
      <Text id={id} className={styles.text}>
        {text}
      </Text>
    </div>
  );
}
