// Network shares on Windows: connected for the session without a drive letter, used by their UNC path.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { ShareAddress } from '../../../shared/model/share-address.ts';
import {
  encodeShareWish,
  powershellArguments,
  readPowershellAnswer,
  uncPath,
  type PowershellAnswer,
  type ShareWish,
} from './powershell-script.ts';
import { runShareTool, sayAll, type ShareToolEnd } from './run-share-tool.ts';
import { assertPasswordKnown, shareFailure, troubleOfEnd } from './share-failures.ts';
import type { ConnectedShare, ShareConnector } from './share-connector.ts';

const PROGRAM = 'powershell.exe';
/** PowerShell alone takes seconds to start on an old computer. */
const WITHIN_MS = 60_000;

/** Connects for this user's session. */
export function createPowershellShares(): ShareConnector {
  return {
    // Any look at a UNC path would connect it.
    find: async () => null,
    connect,
    // Windows connects anew by itself, with what it was told.
    isConnected: async () => true,
    async disconnect(share) {
      await ask({ verb: 'remove', share });
    },
  };
}

async function connect(
  share: ShareAddress,
  password: string | null,
  signal: AbortSignal,
): Promise<ConnectedShare> {
  assertPasswordKnown(share, password);
  const answer = readEnd(share, password, await ask({ verb: 'add', share, password }, signal));
  if (answer.kind === 'trouble') throw shareFailure(share, answer.trouble, password);
  const wasThere = answer.kind === 'connected' && answer.wasThere;
  return { folder: uncPath(share), wasThere };
}

function readEnd(
  share: ShareAddress,
  password: string | null,
  end: ShareToolEnd,
): PowershellAnswer {
  if (end.kind === 'cancelled') throw new BackupError({ code: 'cancelled' });
  const trouble = troubleOfEnd(end, { needs: PROGRAM, withinMs: WITHIN_MS });
  if (trouble !== null) throw shareFailure(share, trouble, password);
  return readPowershellAnswer('output' in end ? end.output : '');
}

async function ask(wish: ShareWish, signal?: AbortSignal): Promise<ShareToolEnd> {
  return runShareTool({
    program: PROGRAM,
    arguments: powershellArguments,
    answer: sayAll(encodeShareWish(wish)),
    withinMs: WITHIN_MS,
    ...(signal === undefined ? {} : { signal }),
  });
}
