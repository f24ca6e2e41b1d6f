import type { Problem } from '../problems';
import { clusterRules } from './cluster';
import { databaseRules } from './databases';
import { gatewayRules } from './gateway';
import { imageRules } from './images';
import { nodePortRules } from './node-ports';
import { pinnedRules } from './pinned';
import { policyRules } from './policies';
import type { Rule, Subject } from './rule';
import { secretRules } from './secrets';
import { serviceRules } from './services';

const RULES: readonly Rule[] = [
  clusterRules,
  databaseRules,
  serviceRules,
  nodePortRules,
  imageRules,
  pinnedRules,
  gatewayRules,
  policyRules,
  secretRules,
];

/** Checks all rules between keys. */
export function brokenRules(subject: Subject): Problem[] {
  return RULES.flatMap((rule) => rule(subject));
}
