// What lies on the page as a card of its own: ground, line and corners. Room inside is each card's own.
import { tokens } from '@fluentui/react-components';

export const cardStyle = {
  backgroundColor: tokens.colorNeutralBackground1,
  border: `1px solid ${tokens.colorNeutralStroke2}`,
  borderRadius: tokens.borderRadiusLarge,
} as const;
