import type { MonitoringSection } from '../monitoring';
import type { MonitoringConfig } from '../network-config';
import type { Images } from './images';

/** Section `monitoring`, with the registry that images are pulled from; undefined where it is off. */
export function resolveMonitoring(section: MonitoringSection, images: Images): MonitoringConfig | undefined {
  const { enabled, mongodbExporterImage, redisExporterImage, ...rest } = section;
  if (!enabled) return undefined;
  const exporters = { mongodb: images.public(mongodbExporterImage), redis: images.public(redisExporterImage) };
  return { ...rest, exporters };
}
