import {
  at,
  containersOf,
  isMissing,
  nameOf,
  objectsAt,
  podSpecOf,
  type ResourceGuardrail,
  textAt,
  UNKNOWN,
} from '../resource';

export const imagesPinned: ResourceGuardrail = {
  remedy:
    'set services.tag, or tag or digest of the service, to a release; services.pinned: true refuses the others earlier',
  check: (resource) =>
    containersOf(resource).flatMap((container) => {
      const image = textAt(container, 'image');
      return image === undefined || isPinned(image)
        ? []
        : [`${nameOf(container)} runs ${image}, which may be another image tomorrow`];
    }),
};

/** With a digest, or a tag that is not latest; the port of a registry is no tag. */
function isPinned(image: string): boolean {
  const [, tag = 'latest'] = /:([^:/@]+)$/.exec(image) ?? [];
  return image.includes('@sha256:') || tag !== 'latest';
}

export const probes: ResourceGuardrail = {
  remedy: 'give the container probes, as infra/workload/probes.ts makes them',
  check: (resource) =>
    objectsAt(podSpecOf(resource), 'containers')
      .filter((container) => objectsAt(container, 'ports').length > 0)
      .flatMap((container) =>
        ['readinessProbe', 'livenessProbe']
          .filter((probe) => isMissing(container, probe))
          .map((probe) => `${nameOf(container)} has no ${probe}`),
      ),
};

const NEEDED = ['requests.cpu', 'requests.memory', 'limits.memory'];

export const resources: ResourceGuardrail = {
  remedy: 'set resources.requests and resources.limits of the service or database in the stack’s file',
  check: (resource) =>
    containersOf(resource).flatMap((container) => {
      const missing = NEEDED.filter((path) => isMissing(container, `resources.${path}`));
      return missing.length === 0 ? [] : [`${nameOf(container)} has no resources.${missing.join(', resources.')}`];
    }),
};

/** Capabilities over the node, or over everything. */
const TOO_MUCH = ['ALL', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_PTRACE', 'SYS_RAWIO', 'NET_ADMIN', 'BPF', 'DAC_READ_SEARCH'];

export const notPrivileged: ResourceGuardrail = {
  remedy: 'remove it from the pod; infra/workload/security.ts has what containers get here',
  check: (resource) => {
    const spec = podSpecOf(resource);
    const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((key) => at(spec, key) === true);
    return [
      ...shared.map((key) => `its pods have ${key}`),
      ...containersOf(resource).flatMap((container) => {
        const privileged = at(container, 'securityContext.privileged') === true ? ['is privileged'] : [];
        const added = at(container, 'securityContext.capabilities.add');
        const names = (Array.isArray(added) ? added : []).map((name) => String(name).replace(/^CAP_/, ''));
        const much = names.filter((name) => TOO_MUCH.includes(name)).map((name) => `adds the capability ${name}`);
        return [...privileged, ...much].map((what) => `${nameOf(container)} ${what}`);
      }),
    ];
  },
};

const CREDENTIAL = /(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/@\s:]+:[^/@\s]+@/i;

export const noPlainCredentials: ResourceGuardrail = {
  remedy: 'put it into a Secret, and let the variable refer to it with valueFrom.secretKeyRef',
  check: (resource) =>
    containersOf(resource).flatMap((container) =>
      objectsAt(container, 'env').flatMap((variable) => {
        const [name = '', value] = [textAt(variable, 'name'), at(variable, 'value')];
        if (value === undefined || value === null || value === '') return [];
        const isCredential = CREDENTIAL.test(name) || (typeof value === 'string' && URL_WITH_PASSWORD.test(value));
        return isCredential ? [`${nameOf(container)} has the credential ${name} as text`] : [];
      }),
    ),
};

export const noHostPath: ResourceGuardrail = {
  remedy: 'use a PersistentVolumeClaim; directories of nodes are for the databases (storage.localPath)',
  check: (resource) => {
    if (resource.type === 'kubernetes:core/v1:PersistentVolume') return hostVolume(resource.props);
    return objectsAt(podSpecOf(resource), 'volumes')
      .filter((volume) => !isMissing(volume, 'hostPath'))
      .map(
        (volume) =>
          `volume ${textAt(volume, 'name') ?? ''} is a directory of its node: ${textAt(volume, 'hostPath.path') ?? ''}`,
      );
  },
};

/** Claims of the databases' members: data-registry-0. */
const DATABASE_CLAIM = /^data-(registry|metrics-db)-\d+$/;

/** Their volumes, where upstream's installer made them: bound by name. */
const UPSTREAM_VOLUME = /^(registry|metrics-db)-pv-\d+$/;

function hostVolume(props: Readonly<Record<string, unknown>>): string[] {
  const isDirectory = ['spec.hostPath', 'spec.local'].some((path) => !isMissing(props, path));
  const claim = at(props, 'spec.claimRef.name');
  if (!isDirectory || claim === UNKNOWN || DATABASE_CLAIM.test(String(claim))) return [];
  if (UPSTREAM_VOLUME.test(textAt(props, 'metadata.name') ?? '')) return [];
  return ['it is a directory of a node and no database’s'];
}
