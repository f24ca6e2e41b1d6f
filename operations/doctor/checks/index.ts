import type { Check } from '../check';
import { admissionCheck } from './admission';
import { architectureCheck } from './architecture';
import { capacityCheck } from './capacity';
import { databaseCertificatesCheck } from './database-certificates';
import { dnsDomainCheck } from './dns-domain';
import { namesCheck } from './names';
import { networkCheck } from './network';
import { networkServicesCheck } from './network-services';
import { nodePortsCheck } from './node-ports';
import { nodesCheck } from './nodes';
import { pullSecretsCheck } from './pull-secrets';
import { quotasCheck } from './quotas';
import { rightsCheck } from './rights';
import { storageCheck } from './storage';
import { versionCheck } from './version';

/** All checks by name, in the order of the table. */
export const CHECKS: Readonly<Record<string, Check>> = {
  version: versionCheck,
  rights: rightsCheck,
  nodes: nodesCheck,
  architecture: architectureCheck,
  capacity: capacityCheck,
  storage: storageCheck,
  'node ports': nodePortsCheck,
  names: namesCheck,
  'pull Secrets': pullSecretsCheck,
  'database TLS': databaseCertificatesCheck,
  admission: admissionCheck,
  quotas: quotasCheck,
  network: networkCheck,
  'DNS domain': dnsDomainCheck,
  'network services': networkServicesCheck,
};
