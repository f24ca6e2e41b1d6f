import type { Check } from '../check';
import { backupsCheck } from './backups';
import { certificatesCheck } from './certificates';
import { databasesCheck } from './databases';
import { servicesCheck } from './services';
import { volumesCheck } from './volumes';
import { workloadsCheck } from './workloads';

/** All checks by name, in the order in which they are told; governance and drift are asked for apart. */
export const CHECKS: Readonly<Record<string, Check>> = {
  workloads: workloadsCheck,
  databases: databasesCheck,
  volumes: volumesCheck,
  services: servicesCheck,
  backups: backupsCheck,
  certificates: certificatesCheck,
};
