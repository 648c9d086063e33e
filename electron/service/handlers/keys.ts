// Everything that has to do with passphrases and recovery keys: new plans, plans that are taken up, what opens them.
// Promise: a secret comes with the call that needs it and goes into the keychain or nowhere.
import type { Topic } from '../../../shared/ipc/contract.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import type { RecoveryKit } from '../../../shared/model/setup.ts';
import { confirmKitJob } from '../../jobs/confirm-kit-job.ts';
import { connectJob } from '../../jobs/connect-job.ts';
import { findPlan } from '../../jobs/find-plan.ts';
import { findVaultBelow } from '../../jobs/find-vaults.ts';
import { giveSharePasswordJob } from '../../jobs/give-share-password-job.ts';
import { changeKeyEverywhere, type EverywhereReport } from '../../jobs/change-key-everywhere.ts';
import type { KeyJobRequest } from '../../jobs/key-job.ts';
import { createKitGroups } from '../../jobs/kit-groups.ts';
import { protectJob } from '../../jobs/protect-job.ts';
import { recoveryKitOf } from '../../jobs/recovery-kit.ts';
import { parseTypedSecret } from '../../jobs/secret-chain.ts';
import { unlockPlaces, vaultOfPlan } from '../../jobs/unlock-job.ts';
import type { AgentParts } from '../agent-parts.ts';
import type { CallContext, Handlers } from '../serve-calls.ts';

export function createKeyHandlers({
  engine,
  board,
  news,
  emit,
}: AgentParts): Pick<
  Handlers,
  | 'protect'
  | 'confirmKit'
  | 'connect'
  | 'unlock'
  | 'giveSharePassword'
  | 'changePassphrase'
  | 'newRecoveryKey'
> {
  const kits = createKitGroups(engine.clock);
  const changed = (...topics: readonly Topic[]): void => emit({ kind: 'changed', topics });

  /** At every place; none is changed unless all are there. What was made at the first is the same at the others. */
  const changeKey = async (
    plan: Plan,
    wish: Pick<KeyJobRequest, 'change'> & { readonly current: string },
    context: CallContext,
  ): Promise<EverywhereReport> => {
    const { vaultId } = vaultOfPlan(plan);
    const current = parseTypedSecret(wish.current);
    const job = { kind: 'key', plan, origin: 'user', vault: vaultId } as const;
    return board.add(job, context, async (running) =>
      changeKeyEverywhere(engine, { plan, change: wish.change, current }, running),
    );
  };
  const keyIsThere = (plan: Plan): void => {
    news.drop(plan.id, ['key-needed']);
    changed('overview');
  };

  return {
    async protect({ sharePassword, ...request }, context) {
      if (sharePassword !== undefined) engine.sharePasswords.offer(request.place, sharePassword);
      const protection = await protectJob(engine, request, context);
      for (const { vaultId } of protection.plan.places) {
        if (vaultId !== null) kits.keep(vaultId, protection.kit.recoveryKey);
      }
      changed('overview');
      return protection;
    },
    async confirmKit({ plan, proof }, { signal }) {
      const request = { plan: await findPlan(engine, plan), proof };
      const answer = await confirmKitJob(engine, kits, request, signal);
      if (answer.isConfirmed) changed('overview');
      return answer;
    },
    async connect({ place: chosen, sharePassword, remember, ...given }, context) {
      if (sharePassword !== undefined) engine.sharePasswords.offer(chosen, sharePassword);
      const secret = parseTypedSecret(given.secret);
      const place = await findVaultBelow(engine, chosen);
      const { vaultId, ...report } = await connectJob(engine, { place, remember, secret }, context);
      changed('overview', 'runs');
      return { vault: vaultId, ...report };
    },
    async unlock({ plan: id, remember, ...given }, { signal }) {
      const plan = await findPlan(engine, id);
      const secret = parseTypedSecret(given.secret);
      const answer = await unlockPlaces(engine, { plan, secret, remember }, signal);
      keyIsThere(plan);
      return answer;
    },
    async giveSharePassword({ plan: id, password }, { signal }) {
      const plan = await findPlan(engine, id);
      const { place } = vaultOfPlan(plan);
      const answer = await giveSharePasswordJob(engine, { place, password }, signal);
      changed('overview');
      return answer;
    },
    async changePassphrase({ plan: id, current, next }, context) {
      const plan = await findPlan(engine, id);
      const change = { kind: 'passphrase', newPassphrase: async () => next } as const;
      const { isRemembered } = await changeKey(plan, { change, current }, context);
      keyIsThere(plan);
      return { isRemembered };
    },
    async newRecoveryKey({ plan: id, current }, context): Promise<RecoveryKit> {
      const plan = await findPlan(engine, id);
      const change = { kind: 'recovery-key' } as const;
      const { vaultId, recoveryKey, left } = await changeKey(plan, { change, current }, context);
      const kit = await recoveryKitOf(engine, plan, recoveryKey ?? '');
      for (const place of plan.places.filter((each) => !left.includes(each))) {
        kits.keep(place.vaultId ?? vaultId, kit.recoveryKey);
      }
      changed('overview', 'runs');
      return kit;
    },
  };
}
