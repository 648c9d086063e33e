/**
 * Every test that may be skipped, with its reason. The run prints each one; a skip that is not listed here, or whose
 * need is there, is a failure.
 */
import type { Need } from './machine.ts';

export type ExpectedSkip = {
  /** The full name of a test, or the beginning of it: the name of the `describe` around it. */
  readonly name: string;
  /** The skip is accepted only where this is missing; without it, everywhere. */
  readonly needs?: Need;
  readonly reason: string;
};

export const expectedSkips: readonly ExpectedSkip[] = [
  {
    name: 'tidying up gives it up and goes on with the others',
    needs: 'bindfs',
    reason: 'a share that never answers is a file system of this computer whose server was stopped',
  },
  {
    name: 'a folder on a mount of its own',
    needs: 'mount',
    reason: 'a full, read-only or vanishing disk takes a mount, which takes root',
  },
  {
    name: 'a folder whose system calls fail',
    needs: 'strace',
    reason: 'the system calls are made to fail by strace',
  },
  {
    name: 'a vault on a disk that is really full',
    needs: 'mount',
    reason: 'a small disk takes a mount, which takes root',
  },
  {
    name: 'a place on a disk of its own',
    needs: 'mount',
    reason: 'a small or read-only disk takes a mount, which takes root',
  },
  {
    name: 'a backup killed at a system call',
    needs: 'strace',
    reason: 'strace kills the process exactly at the system call',
  },
  {
    name: 'a source that may not be read',
    needs: 'root',
    reason: 'another user, who may not read the file, takes root',
  },
  {
    name: 'a restore killed at a system call',
    needs: 'strace',
    reason: 'strace kills the process exactly at the system call',
  },
  {
    name: 'a folder of attachments on a disk of its own',
    needs: 'mount',
    reason: 'a small disk takes a mount, which takes root',
  },
  {
    name: 'a restore of a folder killed at a system call',
    needs: 'strace',
    reason: 'strace kills the process exactly at the system call',
  },
  {
    name: 'a disk that takes upper and lower case for one',
    needs: 'ntfs',
    reason: 'NTFS is made and mounted by ntfs-3g, which takes a mount',
  },
  {
    name: 'a file that a program of another user has open',
    needs: 'root',
    reason: 'asking as another user takes root',
  },
  {
    name: 'a database that Firebird itself made',
    needs: 'firebird',
    reason: 'the databases are made, written and checked by Firebird itself',
  },
  {
    name: 'tables that a real library wrote',
    needs: 'dbf',
    reason: 'the tables are written and read by python3-dbf',
  },
  {
    name: 'a disk that keeps no rights',
    needs: 'bindfs',
    reason: 'a disk that refuses rights is made by bindfs',
  },
  {
    name: 'a process in a container',
    needs: 'mount',
    reason: 'a process namespace of its own takes root',
  },
  {
    name: 'somebody at a terminal',
    needs: 'script',
    reason: 'a terminal is made by script, a part of util-linux',
  },
  {
    name: 'a real keyring',
    needs: 'gnome-keyring',
    reason: 'gnome-keyring and dbus are not installed',
  },
  {
    name: 'a real keyring',
    needs: 'keytar',
    reason: 'keytar, an optional package, could not be built',
  },
  {
    name: 'a real keyring the secret is in no argument, environment, output or file in the clear',
    needs: 'strace',
    reason: 'strace shows the arguments and environments of all processes',
  },
];
