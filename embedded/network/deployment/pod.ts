/** As much of a Kubernetes Pod as the stand-in looks at. */
export interface Pod {
  readonly metadata: { readonly uid: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly containers: readonly Container[] };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

interface Container {
  readonly env?: readonly Variable[];
  readonly envFrom?: readonly VariableSource[];
}

/** An environment variable of a container. */
export interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly configMapKeyRef?: { readonly name: string; readonly key: string } };
}

/** Variables that a container imports all at once. */
export interface VariableSource {
  readonly prefix?: string;
  readonly configMapRef?: { readonly name: string };
}

export function isReady({ metadata, status }: Pod): boolean {
  const condition = status?.conditions?.find(({ type }) => type === 'Ready');
  return condition?.status === 'True' && metadata.deletionTimestamp === undefined;
}
