import type * as pulumi from '@pulumi/pulumi';
import type { types } from '@pulumi/kubernetes';
import type { Architecture } from './config';

type PodSpec = types.input.core.v1.PodSpec;

/** What has a template of pods, and where. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  'kubernetes:apps/v1:Deployment': ['spec', 'template', 'spec'],
  'kubernetes:apps/v1:StatefulSet': ['spec', 'template', 'spec'],
  'kubernetes:batch/v1:CronJob': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

type Tree = Record<string, unknown>;

/** Has all pods run on nodes with one kind of processor alone: images of upstream are built for amd64. */
export function onArchitecture(architecture: Architecture): pulumi.ResourceTransformation {
  return ({ type, props, opts }) => {
    const path = TEMPLATES[type];
    return path === undefined ? undefined : { props: selecting(props, path, architecture), opts };
  };
}

function selecting(tree: Tree, [key, ...rest]: readonly string[], architecture: Architecture): Tree {
  if (key !== undefined) return { ...tree, [key]: selecting(tree[key] as Tree, rest, architecture) };
  const { nodeSelector } = tree as Partial<PodSpec>;
  return { ...tree, nodeSelector: { ...(nodeSelector as object | undefined), 'kubernetes.io/arch': architecture } };
}
