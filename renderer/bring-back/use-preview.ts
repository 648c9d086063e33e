// What would happen, asked with the comparison; and asked again once a person goes on without undo, while the first answer
// stays on the screen.
import { useQueryClient } from '@tanstack/react-query';
import type { BringBackPreview, BringBackRequest } from '../../shared/model/bring-back.ts';
import { useAsk } from '../bridge/use-call.ts';
import { readinessOf, type Readiness } from './readiness.ts';

export interface Preview {
  readonly preview: BringBackPreview | null;
  /** Null while nothing is known. */
  readonly readiness: Readiness | null;
  /** The present state cannot be kept: it is to be asked whether to go on. */
  readonly asksForNoUndo: boolean;
  readonly error: Error | null;
  readonly lookAgain: () => void;
}

export function usePreview(request: BringBackRequest): Preview {
  const asked = { ...request, goOnWithoutUndo: false, compare: true };
  const usual = useAsk('previewBringBack', asked);
  const asksForNoUndo =
    usual.data !== undefined &&
    usual.data.targets.some(({ obstacle }) => obstacle?.code === 'no-safety-point');
  const isWithout = request.goOnWithoutUndo && asksForNoUndo;
  const without = useAsk(
    'previewBringBack',
    { ...asked, goOnWithoutUndo: true },
    { enabled: isWithout },
  );
  const preview = (isWithout ? without.data : undefined) ?? usual.data ?? null;
  const isKnown = !isWithout || without.data !== undefined;
  return {
    preview,
    readiness: preview === null || !isKnown ? null : readinessOf(preview),
    asksForNoUndo,
    error: (isWithout ? without.error : null) ?? usual.error,
    lookAgain: () => void (isWithout ? without : usual).refetch(),
  };
}

/** The next look at the checks asks anew, whatever was answered before. */
export function useForgetPreviews(): () => void {
  const cache = useQueryClient();
  return () => cache.removeQueries({ queryKey: ['previewBringBack'] });
}
