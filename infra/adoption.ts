import type * as pulumi from '@pulumi/pulumi';
import { ADOPTING_MANAGER } from './workload/adopting-manager';

/** As `objectMeta` of workload/metadata.ts makes it. */
interface Metadata {
  annotations?: Record<string, string>;
}

/** Kinds of the objects that upstream's installer makes, and that the network has under the same names. */
const ADOPTABLE: ReadonlySet<string> = new Set([
  'kubernetes:core/v1:Namespace',
  'kubernetes:core/v1:Service',
  'kubernetes:core/v1:PersistentVolume',
  'kubernetes:core/v1:PersistentVolumeClaim',
  'kubernetes:apps/v1:Deployment',
]);

/** Names the field manager to which `make adopt` hands over what upstream's installer has set. */
export const adoption: pulumi.ResourceTransformation = ({ type, props, opts }) => {
  if (!ADOPTABLE.has(type)) return undefined;
  const { metadata } = props as { metadata: Metadata };
  const annotations = { ...metadata.annotations, 'pulumi.com/patchFieldManager': ADOPTING_MANAGER };
  return { props: { ...props, metadata: { ...metadata, annotations } }, opts };
};
