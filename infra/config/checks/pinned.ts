import { type ImageSettings, isPinned, parseImage } from '../image';
import type { Path, Problem } from '../problems';
import { DATABASE_SECTIONS, type DatabaseKey } from '../../catalogue';
import type { Sections } from '../sections';
import type { Check } from './check';
import { overridesInUse } from './overrides';

const RULE = 'must name a version other than latest, because services.pinned is true';

/** The image, or the tag beside it, that leaves the version open. */
function unpinned(path: Path, settings: ImageSettings): Problem[] {
  const { image, tag, digest } = settings;
  if (tag === 'latest') return [{ path: [...path, 'tag'], value: tag, rule: RULE, fix: 'name a version' }];
  if (image === undefined || isPinned({ ...parseImage(image), ...settings })) return [];
  if (tag !== undefined || digest !== undefined) return [];
  return [{ path: [...path, 'image'], value: image, rule: RULE, fix: 'add a tag or a digest' }];
}

const plainImage = (path: Path, image: string): Problem[] =>
  isPinned(parseImage(image)) ? [] : [{ path, value: image, rule: RULE, fix: 'add a tag or a digest' }];

function sharedTag(services: Sections['services'], users: readonly string[]): Problem[] {
  const path = ['services', 'tag'];
  if (services.tag === 'latest') return [{ path, value: services.tag, rule: RULE, fix: 'name a version' }];
  if (services.tag !== undefined || users.length === 0) return [];
  return [
    {
      path,
      rule: `is required, because services.pinned is true and these would run latest: ${users.join(', ')}`,
      fix: 'name the release that they share, for example tag: v1.2.0',
      reads: [['services', 'pinned']],
    },
  ];
}

function databaseImages(name: DatabaseKey, database: Sections[DatabaseKey] | undefined): Problem[] {
  if (database === undefined) return [];
  const to = database.backup?.to;
  const store = to && 's3' in to ? plainImage([name, 'backup', 'to', 's3', 'image'], to.s3.image) : [];
  return [...plainImage([name, 'image'], database.image), ...store];
}

function exporterImages(monitoring: Sections['monitoring'] | undefined): Problem[] {
  if (monitoring?.enabled !== true) return [];
  const { mongodbExporterImage, redisExporterImage } = monitoring;
  return [
    ...plainImage(['monitoring', 'mongodbExporterImage'], mongodbExporterImage),
    ...plainImage(['monitoring', 'redisExporterImage'], redisExporterImage),
  ];
}

/** `pinned: true` refuses every image that may change without a change of the configuration. */
export const pinnedChecks: Check = ({ images, sections }) => {
  const { services, gateway, policies } = sections;
  if (services?.pinned !== true) return [];
  return [
    ...sharedTag(services, [...(images?.onSharedTag ?? [])]),
    ...overridesInUse(services).flatMap(([path, override]) => unpinned(path, override)),
    ...(gateway === undefined ? [] : unpinned(['gateway'], gateway)),
    ...Object.entries(gateway?.images ?? {}).flatMap(([key, image]) => plainImage(['gateway', 'images', key], image)),
    ...DATABASE_SECTIONS.flatMap((name) => databaseImages(name, sections[name])),
    ...(policies === undefined ? [] : plainImage(['policies', 'code', 'image'], policies.code.image)),
    ...exporterImages(sections.monitoring),
  ];
};
