import type { types } from '@pulumi/kubernetes';
import { DEFAULT_SECCOMP } from '../workload/security';
import { MONGODB_ID } from './identity';

/** Pods that run MongoDB's programs, and own what is on their volumes, as mongod's user of the official image. */
export const podSecurity: types.input.core.v1.PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: MONGODB_ID,
  runAsGroup: MONGODB_ID,
  fsGroup: MONGODB_ID,
  // A change of owner of every file at every start would take long on a large volume.
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: DEFAULT_SECCOMP,
};
