import type { types } from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import type { ExporterProgram } from './exporter';

/** Milliseconds in which a member answers, or counts as down: all are asked one after the other within one scrape. */
const CONNECT_MS = 3000;

/** Who reads a database's metrics. */
export interface Reader {
  user: string;
  /** Secret in the exporter's namespace with the password, and its key. */
  secret: pulumi.Input<string>;
  key: string;
}

/** What it verifies a database over TLS by. */
export interface Authority {
  /** Options of a connection string, after others. */
  options: string;
  volume: types.input.core.v1.Volume;
  volumeMount: types.input.core.v1.VolumeMount;
}

/**
 * Percona's exporter, which asks every member by itself: of a set without a primary, or with a member that is away, the rest
 * is still seen. One address a member and /scrapeall tell them apart by the label `instance`.
 *
 * @param hosts `host:port` of every member
 * @param authority absent: it connects in plain text
 */
export function mongodbExporter(
  image: string,
  hosts: readonly string[],
  reader: Reader,
  authority?: Authority,
): ExporterProgram {
  const uriOf = (host: string) => `mongodb://${host}/?authSource=admin${authority?.options ?? ''}`;
  const password = { secretKeyRef: { name: reader.secret, key: reader.key } };
  return {
    image,
    user: 65535,
    args: [
      ...['--collector.diagnosticdata', '--collector.replicasetstatus', '--collector.dbstats'],
      // The window of the oplog and the lag are told in this form only.
      '--compatible-mode',
      `--mongodb.connect-timeout-ms=${CONNECT_MS}`,
    ],
    env: [
      { name: 'MONGODB_URI', value: hosts.map(uriOf).join(',') },
      { name: 'MONGODB_USER', value: reader.user },
      { name: 'MONGODB_PASSWORD', valueFrom: password },
    ],
    port: 9216,
    path: '/scrapeall',
    healthPath: '/',
    ...(authority && { mounted: { volume: authority.volume, volumeMount: authority.volumeMount } }),
  };
}

/** oliver006's exporter. @param url of the redis */
export function redisExporter(image: string, url: string): ExporterProgram {
  return {
    image,
    user: 59000,
    args: [],
    env: [{ name: 'REDIS_ADDR', value: url }],
    port: 9121,
    path: '/metrics',
    healthPath: '/health',
  };
}
