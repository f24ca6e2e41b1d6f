import type { Problem } from '../problems';
import { adoptionChecks } from './adoption';
import { clusterChecks } from './cluster';
import { databaseChecks } from './databases';
import { exposureChecks } from './exposure';
import { gatewayChecks } from './gateway';
import { imageChecks } from './images';
import { monitoringChecks } from './monitoring';
import { nodePortChecks } from './node-ports';
import { pinnedChecks } from './pinned';
import { podSecurityChecks } from './pod-security';
import { policyChecks } from './policies';
import { pullSecretChecks } from './pull-secrets';
import type { Check, Subject } from './check';
import { secretChecks } from './secrets';
import { serviceChecks } from './services';

const CHECKS: readonly Check[] = [
  clusterChecks,
  adoptionChecks,
  exposureChecks,
  podSecurityChecks,
  databaseChecks,
  serviceChecks,
  nodePortChecks,
  imageChecks,
  pullSecretChecks,
  pinnedChecks,
  gatewayChecks,
  policyChecks,
  monitoringChecks,
  secretChecks,
];

/** What the configuration breaks, of all that must hold between keys. */
export function findProblems(subject: Subject): Problem[] {
  return CHECKS.flatMap((check) => check(subject));
}
