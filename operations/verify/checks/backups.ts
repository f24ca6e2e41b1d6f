import { DATABASE_SECTIONS, DATABASES } from '../../../infra/catalogue';
import { parseCron, runBefore } from '../../../infra/config/cron';
import { backupNames } from '../../../infra/database/backup/names';
import { at, type Json, textAt } from '../../../kubernetes-api';
import { ageText } from '../../backup/manifest';
import { type Check, unlessForbidden } from '../check';
import type { Finding } from '../finding';

/** Whether each database that the stack backs up has been backed up of late. Where it backs up none, nothing is asked. */
export const backupsCheck: Check = async ({ config }, cluster) => {
  const sections = DATABASE_SECTIONS.filter((section) => config[section].backup !== undefined);
  const found = sections.map((section) => {
    const { name, namespace } = DATABASES[section];
    const subject = `backup of ${section}`;
    return unlessForbidden(subject, async () => {
      const cronJob = await cluster.get(`/apis/batch/v1/namespaces/${namespace}/cronjobs/${backupNames(name).job}`);
      return [{ subject, ...judgeBackup(cronJob, new Date()) }];
    });
  });
  return (await Promise.all(found)).flat();
};

/**
 * A backup is late once two runs in a row have brought none: one may fail, or be going on.
 *
 * @param cronJob undefined: it is not there
 */
export function judgeBackup(cronJob: Json | undefined, now: Date): Omit<Finding, 'subject'> {
  if (cronJob === undefined) return { state: 'bad', text: 'configured, and the cluster has no CronJob of it' };
  if (at(cronJob, 'spec', 'suspend') === true) return { state: 'unknown', text: 'suspended: none is made' };
  const due = lastButOne(textAt(cronJob, 'spec', 'schedule'), now);
  const made = textAt(cronJob, 'status', 'lastSuccessfulTime');
  const since = new Date(made || textAt(cronJob, 'metadata', 'creationTimestamp'));
  const isLate = due !== undefined && since < due;
  const age = made === '' ? 'none was ever made' : `the newest is ${ageText(since, now)} old`;
  if (isLate) return { state: 'bad', text: `${age}, and two runs have brought none: look at the log of its last Job` };
  return { state: made === '' ? 'unknown' : 'good', text: made === '' ? 'none was made yet' : age };
}

function lastButOne(text: string, now: Date): Date | undefined {
  const schedule = parseCron(text);
  if (typeof schedule === 'string') return undefined;
  const last = runBefore(schedule, now);
  return last && runBefore(schedule, last);
}
