import { isIPv6 } from 'node:net';
import type { Fields } from '../check/fields';
import { ORIGIN_KEY } from '../origin';

const PLAIN_ID = /^[\w.-]+$/;

/** Becomes a part of the names of Kubernetes objects. */
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

const MOST_PROCESSES = 1024;

export function checkExecutor(fields: Fields): void {
  fields.only(['executorId', 'clusterPublicIp', 'metadata', 'hardware', 'infrastructure']);
  fields.text('executorId', {
    must: 'consist of letters, digits, -, _ and .',
    pattern: PLAIN_ID,
    accepts: (id) => id !== '.' && id !== '..',
  });
  fields.text('clusterPublicIp', {
    must: 'be an IP address ([…] around IPv6) or a host name, without scheme and port: the executor is at its port 30900',
    accepts: isAddress,
  });
  if (fields.object('metadata')?.valueOf(ORIGIN_KEY) !== undefined)
    fields.fail('metadata', `holds the key ${ORIGIN_KEY}, which this program writes itself: name yours otherwise`);
  fields.object('hardware');
  const infrastructure = fields.object('infrastructure', { optional: true });
  if (!infrastructure) return;
  infrastructure.only(['kubeconfig', 'maxProcesses']).integer('maxProcesses', { least: 1, most: MOST_PROCESSES });
  infrastructure.text('kubeconfig', { must: "be the contents of the target cluster's kubeconfig", pattern: /\S/ });
  const id = fields.valueOf('executorId');
  if (typeof id === 'string' && !DNS_LABEL.test(id)) {
    fields.fail(
      'executorId',
      `"${id}": with infrastructure, it must be lower-case letters, digits and - (at most 40), as Kubernetes objects are named after it`,
    );
  }
}

function isAddress(text: string): boolean {
  const [, inner] = /^\[(.*)\]$/.exec(text) ?? [];
  return inner === undefined ? /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(text) : isIPv6(inner);
}
