import { textAt } from '../../../kubernetes-api';
import { type Finding, findingsOf } from '../finding';
import type { Check } from '../check';

/** Minor versions of Kubernetes 1 that the program is tried with. */
export const OLDEST = 30;
export const NEWEST = 36;

const { ok, problem, warning, unknown } = findingsOf('version');

export function judgeVersion(gitVersion: string): Finding {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  if (major === undefined) return unknown(`the API server calls itself "${gitVersion}"`, 'see kubectl version');
  const is = `Kubernetes ${gitVersion}`;
  const number = Number(major) === 1 ? Number(minor) : Number(major) * 1000;
  if (number < OLDEST) return problem(`${is} is older than 1.${OLDEST}`, `upgrade the cluster to 1.${OLDEST} or newer`);
  if (number > NEWEST)
    return warning(`${is} is newer than 1.${NEWEST}`, 'nobody has tried it yet: read its list of removed APIs');
  return ok(is);
}

/** Whether the cluster's version is one that the program knows. */
export const versionCheck: Check = async (_subject, cluster) => [
  judgeVersion(textAt(await cluster.get('/version'), 'gitVersion')),
];
