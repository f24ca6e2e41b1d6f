import { type PropertyMap, isPropertyMap, reveal } from '../../values/value';

/** Annotations by which a program tells the provider how to treat one object. */
export const ANNOTATIONS = {
  skipAwait: 'pulumi.com/skipAwait',
  patchForce: 'pulumi.com/patchForce',
  patchFieldManager: 'pulumi.com/patchFieldManager',
} as const;

/** Annotations that the real provider honours and this one does not, with what to use instead. */
export const unsupportedAnnotations: Readonly<Record<string, string>> = {
  'pulumi.com/timeoutSeconds': 'use the resource option customTimeouts',
  'pulumi.com/deletionPropagationPolicy': 'remove it',
  'pulumi.com/waitFor': 'remove it',
  'pulumi.com/replaceUnready': 'remove it',
};

/** The annotation's value; undefined where it is absent or not known yet. */
export function annotation(object: PropertyMap, key: string): string | undefined {
  const metadata = reveal(object.metadata ?? null);
  const all = isPropertyMap(metadata) ? metadata.annotations : undefined;
  const value = isPropertyMap(all) ? all[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

export const hasAnnotation = (object: PropertyMap, key: string) => annotation(object, key) === 'true';

/** How long an object is waited for, in seconds: the program's `customTimeouts`, or ten minutes. */
export const timeoutSeconds = (requested: number) => (requested > 0 ? requested : 600);
