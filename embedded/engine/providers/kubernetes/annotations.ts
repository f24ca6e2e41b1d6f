import { UserError } from '../../../shared/errors';
import { PropertyMap, isPropertyMap, reveal } from '../../values/value';

/** Annotations by which a program tells the provider how to treat one object. */
export const annotations = {
  autonamed: 'pulumi.com/autonamed',
  skipAwait: 'pulumi.com/skipAwait',
  timeoutSeconds: 'pulumi.com/timeoutSeconds',
  patchForce: 'pulumi.com/patchForce',
  patchFieldManager: 'pulumi.com/patchFieldManager',
  deletionPropagationPolicy: 'pulumi.com/deletionPropagationPolicy',
  waitFor: 'pulumi.com/waitFor',
  replaceUnready: 'pulumi.com/replaceUnready',
} as const;

/** Annotations that the real provider honours and this one does not. */
export const unsupportedAnnotations: readonly string[] = [annotations.waitFor, annotations.replaceUnready];

/** The annotation's value; undefined where it is absent or not known yet. */
export function annotation(object: PropertyMap, key: string): string | undefined {
  const metadata = reveal(object.metadata ?? null);
  const all = isPropertyMap(metadata) ? metadata.annotations : undefined;
  const value = isPropertyMap(all) ? all[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

export const hasAnnotation = (object: PropertyMap, key: string) => annotation(object, key) === 'true';

/** How long to wait for the object, in seconds: the program's `customTimeouts`, the annotation, ten minutes. */
export function timeoutSeconds(requested: number, inputs: PropertyMap): number {
  if (requested > 0) return requested;
  const text = annotation(inputs, annotations.timeoutSeconds);
  if (text === undefined) return 600;
  if (!/^\d+$/.test(text)) {
    throw new UserError(
      `annotation ${annotations.timeoutSeconds}: "${text}" is not a number of seconds, such as "300"`,
    );
  }
  return Number(text);
}

export type PropagationPolicy = 'Foreground' | 'Background' | 'Orphan';

/** What becomes of what the object owns when it is deleted; deleted before it, unless the annotation says otherwise. */
export function propagationPolicy(inputs: PropertyMap): PropagationPolicy {
  const text = annotation(inputs, annotations.deletionPropagationPolicy)?.toLowerCase() ?? 'foreground';
  if (text === 'foreground') return 'Foreground';
  if (text === 'background') return 'Background';
  if (text === 'orphan') return 'Orphan';
  throw new UserError(
    `annotation ${annotations.deletionPropagationPolicy}: "${text}" is none of foreground, background, orphan`,
  );
}
