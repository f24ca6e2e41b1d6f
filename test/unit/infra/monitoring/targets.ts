import { DATABASES, type DatabaseKey } from '../../../../infra/catalogue';
import type { MonitoringConfig, NetworkConfig } from '../../../../infra/config';
import type { DatabaseTarget } from '../../../../infra/monitoring/targets';
import { networkConfig } from '../../../network-config';

/** A stack that measures, with other settings of the section `monitoring`, and other sections. */
export function monitored(monitoring: Record<string, unknown> = {}, sections: Record<string, unknown> = {}) {
  const config = networkConfig({ ...sections, monitoring: { enabled: true, ...monitoring } });
  if (config.monitoring === undefined) throw new Error('it does not measure');
  return config as NetworkConfig & { monitoring: MonitoringConfig };
}

/** A database of a configuration as what measures it knows it. */
export function targetOf(config: NetworkConfig, section: DatabaseKey): DatabaseTarget {
  const { name, namespace } = DATABASES[section];
  return { name, namespace, config: config[section] };
}
