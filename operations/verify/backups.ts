import { DATABASE_SECTIONS, DATABASES } from '../../infra/catalogue';
import type { NetworkConfig } from '../../infra/config';
import { parseCron, runBefore } from '../../infra/config/cron';
import { backupNames } from '../../infra/database/backup/names';
import { at, isForbidden, type JsonMap, textAt } from '../../kubernetes-api';
import type { Finding } from '../../policies/proof';
import { Cluster } from '../backup/api';
import { ageText } from '../backup/manifest';

/** Whether each database that the stack backs up has been backed up of late. Where it backs up none, nothing is asked. */
export async function backupFindings(config: NetworkConfig, now = new Date()): Promise<Finding[]> {
  const sections = DATABASE_SECTIONS.filter((section) => config[section].backup !== undefined);
  if (sections.length === 0) return [];
  return Cluster.use(config, async (cluster) => {
    const looked = sections.map(async (section): Promise<Finding> => {
      const { name, namespace } = DATABASES[section];
      const subject = `backup of ${section}`;
      try {
        const cronJob = await cluster.find(`/apis/batch/v1/namespaces/${namespace}/cronjobs/${backupNames(name).job}`);
        return { subject, ...stateOf(cronJob, now) };
      } catch (error) {
        if (!isForbidden(error)) throw error;
        return {
          subject,
          state: 'unknown',
          text: `the API server does not let this user get cronjobs in ${namespace}`,
        };
      }
    });
    return Promise.all(looked);
  });
}

/** A backup is late once two runs in a row have brought none: one may fail, or be going on. */
function stateOf(cronJob: JsonMap | undefined, now: Date): Omit<Finding, 'subject'> {
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
