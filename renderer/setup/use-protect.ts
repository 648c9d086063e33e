// Makes vault and plan from the draft, once; what went wrong stays to be read, and the draft as it was.
import { useTranslation } from 'react-i18next';
import { isAddress } from '../../shared/model/place.ts';
import { useOrder } from '../bridge/use-call.ts';
import { useSetupDraft } from './setup-draft-context.tsx';
import { chosenPlaces } from './setup-draft.ts';

export interface Protecting {
  readonly isPending: boolean;
  readonly error: Error | null;
  begin(): void;
}

export function useProtect(): Protecting {
  const { draft, change } = useSetupDraft();
  const { t } = useTranslation('setup');
  const protect = useOrder('protect');
  return {
    isPending: protect.isPending,
    error: protect.error,
    begin() {
      const { secret } = draft;
      const [place = '', ...furtherPlaces] = chosenPlaces(draft);
      const isSet = draft.takeTurns && furtherPlaces.length > 0;
      // Not `onSuccess`: that is dropped when the step is left, and the recovery key with it.
      const made = protect.mutateAsync({
        name: draft.name.trim(),
        sources: draft.sources.map(({ path }) => path),
        place,
        ...(furtherPlaces.length === 0 ? {} : { furtherPlaces }),
        ...(isSet ? { set: t('place.setName') } : {}),
        ...(isAddress(place) && draft.share.password !== ''
          ? { sharePassword: draft.share.password }
          : {}),
        schedule: draft.schedule,
        keep: draft.keep,
        secret:
          secret.kind === 'same-as'
            ? secret
            : { kind: 'passphrase', passphrase: secret.passphrase },
        remember: draft.remember,
      });
      void made.then(
        (protection) => change({ kind: 'protected', protection }),
        () => undefined, // in `error`
      );
    },
  };
}
