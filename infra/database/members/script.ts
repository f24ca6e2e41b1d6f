import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORMER_APPLICATION_USER, PATHS, PORT } from '../identity';
import { COMPLETED } from '../rotation';
import { MARK_ANNOTATION, PRIMARY_ANNOTATION, SIGNALS } from '../signals';
import { USERS_FILE } from '../users';

/** In this order: what runs as the script's last statement comes last. */
const PARTS = ['decide.js', 'upkeep.js', 'look.js', 'act.js', 'watch.js', 'api.js', 'pod.js', 'main.js'] as const;

/** What the script shares with the containers that it runs in. */
const CONSTANTS = {
  PORT,
  FORMER: FORMER_APPLICATION_USER,
  KEYFILE: PATHS.keyfile,
  CERTIFICATE: PATHS.certificate,
  TLS: PATHS.tls,
  CREDENTIALS: PATHS.credentials,
  USERS: `${PATHS.credentials}/${USERS_FILE}`,
  COMPLETED: `${PATHS.rotation}/${COMPLETED}`,
  SERVICE_ACCOUNT: PATHS.serviceAccount,
  STATE: SIGNALS.state,
  RESYNC: SIGNALS.resync,
  MARK: MARK_ANNOTATION,
  PRIMARY: PRIMARY_ANNOTATION,
} as const;

/**
 * The script that gives a replica set a membership that looks after itself. It runs in mongosh, in the container `members`
 * beside every mongod: each pass looks at the set, decides on one step and takes it. Passes can be repeated, stopped
 * anywhere, and run in all pods at once, because only a primary changes the set and every decision starts from what is
 * there.
 *
 * It is one file to mongosh, put together from parts that see each other's functions: decide.js and upkeep.js are pure;
 * look.js and act.js ask and act through `io`, which tests replace and pod.js makes of a pod's files, API server and connections. mongosh
 * rewrites the source before it runs it, and in doing so breaks `a?.b.c`, which here must be written otherwise (`a?.b` and
 * `a?.b?.c` work).
 *
 * It speaks to members as `__system`, the user that the keyfile is the password of: unlike users of the database it exists
 * on every member at any time (empty, being filled, removed), it outlives a changed password, and with it mongod can do
 * without the localhost exception.
 */
export function membersScript(): string {
  return ["'use strict';\n", ...PARTS.map(sourceOf)].join('\n');
}

function sourceOf(part: string): string {
  return withConstants(withoutTypes(readFileSync(join(__dirname, part), 'utf8')));
}

/** Without the lines that only the type checker reads: another type must restart no member. */
function withoutTypes(source: string): string {
  return source.replace(/^ *(?:\/\*\* @.*\*\/|\/\/ (?:@ts-|eslint-).*)\n/gm, '');
}

/** With what TypeScript knows in the place of `%NAME%`. */
function withConstants(source: string): string {
  return source.replace(/%([A-Z_]+)%/g, (_, name: string) => {
    if (name in CONSTANTS) return `${CONSTANTS[name as keyof typeof CONSTANTS]}`;
    throw new Error(`the members script names a constant ${name}, which there is not`);
  });
}
