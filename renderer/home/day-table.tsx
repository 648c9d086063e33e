// The last 30 days as a table, newest first.
import {
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { DayMark } from '../../shared/model/overview.ts';
import { useLocale } from '../use-locale.ts';
import { dayName } from './use-day-words.ts';

export function DayTable({ days }: { readonly days: readonly DayMark[] }) {
  const { t } = useTranslation('home');
  const locale = useLocale();
  const columns = ['day', 'result', 'backups', 'failures'] as const;
  return (
    <Table size="small" aria-label={t('days.title')}>
      <TableHeader>
        <TableRow>
          {columns.map((column) => (
            <TableHeaderCell key={column}>{t(`days.${column}`)}</TableHeaderCell>
          ))}
        </TableRow>
      </TableHeader>
      <TableBody>
        {days.toReversed().map(({ day, state, backups, failures }) => (
          <TableRow key={day}>
            <TableCell>{dayName(day, locale)}</TableCell>
            <TableCell>{t(`days.state.${state}`)}</TableCell>
            <TableCell>{backups}</TableCell>
            <TableCell>{failures}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
