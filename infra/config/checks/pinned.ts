import { type ImageSettings, isPinned, parseImage } from '../image';
import type { Path, Problem } from '../problems';
import { DATABASE_SECTIONS, type DatabaseKey } from '../../catalogue';
import type { Sections } from '../sections';
import type { Check } from './check';
import { overridesInUse } from './overrides';

const RULE = 'must name a version other than latest, because services.pinned is true';

const DIGEST_RULE = 'must be named by its digest, because services.pinned is digests';

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

/** Images that a stack names itself, by their keys. */
function named(sections: Partial<Sections>): [Path, string][] {
  const { gateway, policies } = sections;
  return [
    ...Object.entries(gateway?.images ?? {}).map(([key, image]): [Path, string] => [['gateway', 'images', key], image]),
    ...DATABASE_SECTIONS.flatMap((name) => databaseImages(name, sections[name])),
    ...(policies === undefined ? [] : [[['policies', 'code', 'image'], policies.code.image] satisfies [Path, string]]),
    ...exporterImages(sections.monitoring),
  ];
}

function exporterImages(monitoring: Sections['monitoring'] | undefined): [Path, string][] {
  if (monitoring?.enabled !== true) return [];
  const { mongodbExporterImage, redisExporterImage } = monitoring;
  return [
    [['monitoring', 'mongodbExporterImage'], mongodbExporterImage],
    [['monitoring', 'redisExporterImage'], redisExporterImage],
  ];
}

function databaseImages(name: DatabaseKey, database: Sections[DatabaseKey] | undefined): [Path, string][] {
  if (database === undefined) return [];
  const to = database.backup?.to;
  const store: [Path, string][] = to && 's3' in to ? [[[name, 'backup', 'to', 's3', 'image'], to.s3.image]] : [];
  return [[[name, 'image'], database.image], ...store];
}

/** A tag can be moved, a digest cannot. */
function withoutDigest({ images, sections }: Parameters<Check>[0]): Problem[] {
  const { services, gateway } = sections;
  const fix = 'name it as NAME@sha256:…';
  const overridden = services === undefined ? [] : overridesInUse(services);
  const own: [Path, ImageSettings][] = [
    ...overridden,
    ...(gateway === undefined ? [] : [[['gateway'], gateway] satisfies [Path, ImageSettings]]),
  ];
  const byTag = own.filter(([, { image, tag, digest }]) => {
    const names = image !== undefined || tag !== undefined;
    return names && digest === undefined && parseImage(image ?? '').digest === undefined;
  });
  const users = [...new Set([...(images?.onSharedTag ?? []), ...(images?.onOwnTag ?? [])])];
  return [
    ...byTag.map(([path, { image, tag }]) => ({
      path: [...path, image === undefined ? 'tag' : 'image'],
      value: image ?? tag,
      rule: DIGEST_RULE,
      fix: 'set digest beside it, in place of a tag',
    })),
    ...named(sections)
      .filter(([, image]) => parseImage(image).digest === undefined)
      .map(([path, value]) => ({ path, value, rule: DIGEST_RULE, fix })),
    ...(users.length === 0
      ? []
      : [
          {
            path: ['services', 'pinned'],
            value: 'digests',
            rule: `leaves no room for images by a tag, which these would run: ${users.join(', ')}`,
            fix: 'set services.overrides.NAME.digest and sidecarDigest, gateway.images.KEY, or the variable of a service that names an image',
          },
        ]),
  ];
}

/** `pinned` refuses every image that may change without a change of the configuration; `digests` what may change by a tag, too. */
export const pinnedChecks: Check = (subject) => {
  const { images, sections } = subject;
  const { services, gateway } = sections;
  if (services?.pinned === 'digests') return withoutDigest(subject);
  if (services?.pinned !== true) return [];
  return [
    ...sharedTag(services, [...(images?.onSharedTag ?? [])]),
    ...overridesInUse(services).flatMap(([path, override]) => unpinned(path, override)),
    ...(gateway === undefined ? [] : unpinned(['gateway'], gateway)),
    ...named(sections).flatMap(([path, image]) => plainImage(path, image)),
  ];
};
