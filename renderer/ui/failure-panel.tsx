// A failure in words: what happened, why, and the one thing to do next.
import {
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Failure } from '../../shared/model/failure.ts';
import { failureWords } from '../../shared/text/failure-words.ts';
import { useLocale } from '../use-locale.ts';

interface FailurePanelProps {
  readonly failure: Failure;
  /** A button that does the next step. */
  readonly action?: ReactNode;
}

export function FailurePanel({ failure, action }: FailurePanelProps) {
  const words = failureWords(failure, useLocale());
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{words.title}</MessageBarTitle>
        {words.cause} {words.nextStep}
      </MessageBarBody>
      {action !== undefined && <MessageBarActions>{action}</MessageBarActions>}
    </MessageBar>
  );
}
