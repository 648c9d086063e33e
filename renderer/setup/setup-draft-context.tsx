// Keeps the draft of setup while other screens are looked at; nothing of it is stored.
import { createContext, useContext, useReducer, type Dispatch, type ReactNode } from 'react';
import { changeDraft, emptyDraft, type DraftChange, type SetupDraft } from './setup-draft.ts';

interface DraftInHand {
  readonly draft: SetupDraft;
  readonly change: Dispatch<DraftChange>;
}

const DraftContext = createContext<DraftInHand | null>(null);

export function SetupDraftProvider({ children }: { readonly children: ReactNode }) {
  const [draft, change] = useReducer(changeDraft, null, () =>
    emptyDraft(Intl.DateTimeFormat().resolvedOptions().timeZone),
  );
  return <DraftContext value={{ draft, change }}>{children}</DraftContext>;
}

/** Throws outside of the provider. */
export function useSetupDraft(): DraftInHand {
  const inHand = useContext(DraftContext);
  if (inHand === null) throw new Error('no draft around this component');
  return inHand;
}
