// Keeps the draft of setup while other screens are looked at or the window is closed; nothing of it is stored.
import { createContext, useContext, useReducer, type Dispatch, type ReactNode } from 'react';
import { useHold } from '../bridge/use-hold.ts';
import {
  changeDraft,
  emptyDraft,
  type DraftChange,
  type SetupDraft,
  wouldBeLost,
} from './setup-draft.ts';

interface DraftInHand {
  readonly draft: SetupDraft;
  readonly change: Dispatch<DraftChange>;
}

const DraftContext = createContext<DraftInHand | null>(null);

export function SetupDraftProvider({ children }: { readonly children: ReactNode }) {
  const [draft, change] = useReducer(changeDraft, null, () =>
    emptyDraft(Intl.DateTimeFormat().resolvedOptions().timeZone),
  );
  useHold(wouldBeLost(draft));
  return <DraftContext value={{ draft, change }}>{children}</DraftContext>;
}

/** Throws outside of the provider. */
export function useSetupDraft(): DraftInHand {
  const inHand = useContext(DraftContext);
  if (inHand === null) throw new Error('no draft around this component');
  return inHand;
}
