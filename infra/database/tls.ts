import type { types } from '@pulumi/kubernetes';
import type { DatabaseConfig } from '../config';
import { PATHS } from './identity';

type Mode = NonNullable<DatabaseConfig['tls']>['mode'];

/** mongod's names of the steps. */
const TLS_MODES = { allow: 'allowTLS', prefer: 'preferTLS', require: 'requireTLS' } as const satisfies Record<
  Mode,
  string
>;

/** Name of the volume with the Secret, in the pods of members. */
export const TLS_VOLUME = 'tls';

/** Key of the Secret with the certificates of who signs, which clients verify members by. */
const AUTHORITY_KEY = 'ca.crt';

/** Name of the volume with it, in the pods of clients. */
export const AUTHORITY_VOLUME = 'mongodb-ca';

/** Where they have it. */
const AUTHORITY_FOLDER = '/etc/mongodb-ca';

/** Options of a client's connection string, after others, as drivers and MongoDB's tools read them. */
export const CLIENT_TLS_OPTIONS = `&tls=true&tlsCAFile=${AUTHORITY_FOLDER}/${AUTHORITY_KEY}`;

/** What a pod needs to verify the members that it connects to. */
export interface TrustedAuthority {
  /** {@link CLIENT_TLS_OPTIONS} */
  options: string;
  /** Of every client: without a key, which is the members' own. */
  volume: types.input.core.v1.Volume & { name: string };
  volumeMount: types.input.core.v1.VolumeMount & { mountPath: string };
}

/** Arguments of mongod. Clients show no certificate, they have passwords; members prove by their keyfile who they are. */
export function tlsArgs({ tls }: DatabaseConfig): string[] {
  if (tls === undefined) return [];
  return [
    ...['--tlsMode', TLS_MODES[tls.mode], '--tlsCertificateKeyFile', PATHS.certificate],
    ...['--tlsCAFile', `${PATHS.tls}/${AUTHORITY_KEY}`, '--tlsAllowConnectionsWithoutCertificates'],
  ];
}

/** The Secret, as members have it. */
export function tlsVolumes({ tls }: DatabaseConfig): types.input.core.v1.Volume[] {
  return tls === undefined ? [] : [{ name: TLS_VOLUME, secret: { secretName: tls.secret, defaultMode: 0o440 } }];
}

/** Puts certificate and key into one file, for mongod's user alone, as mongod wants them. */
export const JOIN_CERTIFICATE =
  `umask 077; { cat ${PATHS.tls}/tls.crt; echo; cat ${PATHS.tls}/tls.key; } >${PATHS.certificate}.new && ` +
  `mv ${PATHS.certificate}.new ${PATHS.certificate}`;

/** What clients verify members by; undefined where they connect in plain text: as long as not every member is known to take TLS. */
export function trustedAuthority({ tls }: DatabaseConfig): TrustedAuthority | undefined {
  if (tls === undefined || tls.mode === 'allow') return undefined;
  const items = [{ key: AUTHORITY_KEY, path: AUTHORITY_KEY }];
  return {
    options: CLIENT_TLS_OPTIONS,
    volume: { name: AUTHORITY_VOLUME, secret: { secretName: tls.secret, items } },
    volumeMount: { name: AUTHORITY_VOLUME, mountPath: AUTHORITY_FOLDER, readOnly: true },
  };
}
