// The envelopes around calls, replies and events between two processes.
import { z } from 'zod';
import type { Failure } from '../model/failure.ts';
import type { Progress } from '../model/progress.ts';
import type { AppEvent } from './contract.ts';

const callId = z.int().min(0);

/** To a favour that the agent asked for; null: it could not be done. */
export const answerSchema = z.strictObject({
  kind: z.literal('answer'),
  id: callId,
  value: z.string().nullable(),
});

/** To the process that serves. */
export const requestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), id: callId, name: z.string(), input: z.unknown() }),
  z.strictObject({ kind: z.literal('cancel'), id: callId }),
  answerSchema,
]);

export type Request = z.infer<typeof requestSchema>;

export type Reply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly failure: Failure };

/** From the process that serves. `progress` comes at most ten times a second, before the reply. */
export type Response =
  | { readonly kind: 'reply'; readonly id: number; readonly reply: Reply }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'event'; readonly event: AppEvent }
  /** A favour of the shell: seal or unseal (base64) with the key that the desktop keeps for it. */
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly favour: 'seal' | 'unseal';
      readonly text: string;
    };
