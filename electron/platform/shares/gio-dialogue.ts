// What `gio mount` asks and says, and what it means. Pure. Its questions come in English (LC_ALL=C) and one by one; a
// wrong password is asked for again.
import type { ShareAddress } from '../../../shared/model/share-address.ts';
import type { ShareTool } from './run-share-tool.ts';
import type { ShareTrouble } from './share-failures.ts';

const QUESTION = /(User|Domain|Password)(?: \[([^\]]*)\])?: /gu;
const TITLE = /Authentication Required/gu;
/** Anything else that would be asked needs a person. */
const CHOICE = /Choice: /u;

export interface GioLogin extends Pick<ShareAddress, 'user' | 'domain'> {
  readonly password: string;
}

/** The answers, one for each question; a second dialogue means that the first was answered wrongly. */
export function answerGio(login: GioLogin): ShareTool['answer'] {
  let answered = 0;
  return (output) => {
    if ((output.match(TITLE) ?? []).length > 1 || CHOICE.test(output)) return 'stop';
    const question = [...output.matchAll(QUESTION)].at(answered);
    if (question === undefined) return null;
    answered += 1;
    const [, asked, usual = ''] = question;
    if (asked === 'User') return { say: `${login.user ?? usual}\n` };
    if (asked === 'Domain') return { say: `${login.domain ?? usual}\n` };
    return { say: `${login.password}\n` };
  };
}

/** True when it says that the share was mounted before. */
export function isMountedAlready(output: string): boolean {
  return /already mounted/iu.test(output);
}

/** Why it did not mount, by its last words. */
export function readGioTrouble(output: string): ShareTrouble {
  const detail = /gio: \S+?: (.*)$/mu.exec(output)?.[1] ?? output.split('\n').at(-1) ?? '';
  if (/denied|Operation not permitted|password/iu.test(detail)) return { kind: 'refused' };
  // The whole word: a server that cannot be found is "Invalid argument".
  if (/No such file or directory/iu.test(detail)) return { kind: 'no-such-share' };
  if (/not supported|volume doesn.t implement mount/iu.test(detail)) {
    return { kind: 'tool-missing', needs: 'gvfs-backends' };
  }
  const isUnknownServer = /Invalid argument/iu.test(detail);
  return { kind: 'unreachable', detail: isUnknownServer ? 'the server was not found' : detail };
}
