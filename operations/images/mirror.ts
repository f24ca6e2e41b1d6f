import type { RawConfig } from '../../infra/config';
import { UserError } from '../command-line';
import type { UsedImage } from './images';

/** What copies an image with all its platforms, by the program that does it. */
const COPY = {
  skopeo: {
    login: 'skopeo login HOST',
    copy: (from: string, to: string) => `skopeo copy --all --preserve-digests docker://${from} docker://${to}`,
  },
  crane: { login: 'crane auth login HOST', copy: (from: string, to: string) => `crane copy ${from} ${to}` },
} as const;

export type CopyProgram = keyof typeof COPY;

export const COPY_PROGRAMS = Object.keys(COPY) as CopyProgram[];

/** Where the images of a stack go. */
export interface Mirror {
  stack: string;
  program: CopyProgram;
  /** `host[:port][/path]` */
  to: string;
}

/**
 * A script for bash that copies images into a registry, and says at its end what the stack's file has to say then. Paths stay:
 * below the registry an image is called what it was called below the one before.
 *
 * @throws UserError for two images that would become one
 */
export function mirrorScript(images: readonly UsedImage[], raw: RawConfig, { stack, program, to }: Mirror): string {
  const copies = images.map(({ image }) => ({ from: image, to: `${to}/${pathOf(image, registriesOf(raw))}` }));
  refuseCollisions(copies);
  const names = new Set(images.map(({ image }) => nameOf(image)));
  const written = textsIn(raw.values).filter(
    ({ key, text }) => names.has(nameOf(text)) && !followsRegistries(key, text),
  );
  return [
    '#!/usr/bin/env bash',
    `# Copies the images of stack ${stack} to ${to}. Log in to both registries first (${COPY[program].login}).`,
    'set -euo pipefail',
    ...copies.map((copy) => COPY[program].copy(copy.from, copy.to)),
    '',
    `# Then stacks/Pulumi.${stack}.yaml has to say:`,
    `#   services.imageRegistry: ${to}`,
    `#   services.publicImageRegistry: ${to}`,
    ...written.map(({ key, text }) => `#   ${key}: ${to}/${pathOf(text, registriesOf(raw))}`),
    '',
  ].join('\n');
}

function refuseCollisions(copies: readonly { from: string; to: string }[]): void {
  for (const [index, { from, to }] of copies.entries()) {
    const other = copies.slice(index + 1).find((copy) => copy.to === to);
    if (other === undefined) continue;
    throw new UserError(
      `${from} and ${other.from} would both become ${to}: give one of them another tag in the stack's file, or mirror it by hand`,
    );
  }
}

/** The registries under which the stack finds what it does not write out. */
function registriesOf({ values }: RawConfig): string[] {
  const { imageRegistry, publicImageRegistry } = (values.services ?? {}) as Record<string, unknown>;
  return [imageRegistry, publicImageRegistry].filter((registry) => typeof registry === 'string');
}

/** An image's name below its registry, with its version. */
function pathOf(image: string, registries: readonly string[]): string {
  const registry = registries.find((known) => image.startsWith(`${known}/`));
  if (registry !== undefined) return image.slice(registry.length + 1);
  return namesRegistry(image) ? image.slice(image.indexOf('/') + 1) : image;
}

const namesRegistry = (image: string) => /^(?:[^/]*[.:][^/]*|localhost)\//.test(image);

const nameOf = (image: string) => image.replace(/(:[^:/@]+)?(@.+)?$/, '');

/** What stands for an image of the public hub in these keys is looked for in `services.publicImageRegistry`. */
const followsRegistries = (key: string, text: string) =>
  /^(?:registry|metrics|policies\.code)\.image$/.test(key) && !namesRegistry(text);

/** Every text of the configuration, and its key. */
function textsIn(value: unknown, key = ''): { key: string; text: string }[] {
  if (typeof value === 'string') return [{ key, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, key === '' ? name : `${key}.${name}`));
}
