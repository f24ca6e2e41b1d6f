import { NAMESPACES } from '../../../infra/catalogue';
import type { Access, Cluster } from '../../cluster/cluster';
import { groupBy } from '../../group-by';
import { type Finding, findingsOf, someOf } from '../finding';
import type { Subject } from '../../stack-objects/subject';
import type { Check } from '../check';

const { ok, problem } = findingsOf('rights');

/** What engines do with an object of a stack. */
const OWN = ['get', 'create', 'patch', 'delete'];

/** What they do with an object of somebody else, of which they own a few fields. */
const PATCHED = ['get', 'patch'];

/** What is needed beside the stack's own objects. */
function besides(subject: Subject): Access[] {
  const core = { group: '' };
  const everywhere = NAMESPACES.flatMap((namespace) =>
    // To wait until workloads are ready, and to say why they are not.
    ['list', 'watch'].flatMap((verb) => [
      { ...core, verb, resource: 'pods', namespace },
      { ...core, verb, resource: 'events', namespace },
    ]),
  );
  // Governance goes through the service proxy, where the stack names no other way.
  const proxied = Object.values(subject.config.policies.endpoints).flatMap((endpoint) =>
    'service' in endpoint
      ? ['get', 'create', 'update'].map((verb) => ({
          ...core,
          ...{ verb, resource: 'services', subresource: 'proxy', namespace: endpoint.service.namespace },
        }))
      : [],
  );
  const { copy } = subject.config.imagePull;
  const copies = copy === undefined ? [] : copiesOf(copy.from);
  return [...everywhere, ...proxied, ...copies, { ...core, verb: 'get', resource: 'namespaces' }];
}

/** A pull Secret is read in one namespace, and written in those of the network. */
function copiesOf(from: string): Access[] {
  const secrets = { group: '', resource: 'secrets' };
  const written = NAMESPACES.flatMap((namespace) =>
    ['get', 'create', 'update', 'delete'].map((verb) => ({ ...secrets, verb, namespace })),
  );
  return [{ ...secrets, verb: 'get', namespace: from }, ...written];
}

/** Every access that a stack needs, once. Kinds that the cluster does not serve are left to another check. */
async function neededAccess(subject: Subject, cluster: Cluster): Promise<Access[]> {
  const needs = [
    ...subject.objects.map((object) => ({ object, verbs: OWN })),
    ...subject.patches.map((object) => ({ object, verbs: PATCHED })),
  ];
  const accesses = await Promise.all(
    needs.map(async ({ object: { apiVersion, kind, namespace }, verbs }) => {
      const served = await cluster.kind(apiVersion, kind);
      if (served === undefined) return [];
      const { group, resource } = served;
      return verbs.map((verb) => ({ verb, group, resource, ...(namespace !== undefined && { namespace }) }));
    }),
  );
  const all = [...accesses.flat(), ...besides(subject)];
  return [...new Map(all.map((access) => [JSON.stringify(access), access])).values()];
}

/** One finding for everything that is missing of a kind. */
export function judgeRights(missing: readonly Access[], asked: number): Finding[] {
  if (missing.length === 0) return [ok(`everything that the stack needs (${asked} asked)`)];
  const byResource = groupBy(missing, ({ group, resource, subresource }) =>
    [[resource, subresource].filter(Boolean).join('/'), group].filter(Boolean).join('.'),
  );
  return [...byResource].map(([resource, accesses]) => {
    const verbs = [...new Set(accesses.map(({ verb }) => verb))];
    const namespaces = [...new Set(accesses.map(({ namespace }) => namespace ?? 'the cluster'))];
    return problem(
      `may not ${verbs.join(', ')} ${resource} in ${someOf(namespaces)}`,
      `have them granted; kubectl auth can-i ${accesses[0].verb} ${resource} tells whether they are`,
    );
  });
}

/** Whether the stack's credentials may do all that its resources need. */
export const rightsCheck: Check = async (subject, cluster) => {
  // Administrators need not be asked one by one.
  if (await cluster.may({ verb: '*', group: '*', resource: '*' })) return [ok('an administrator of the cluster')];
  const needed = await neededAccess(subject, cluster);
  const allowed = await Promise.all(needed.map((access) => cluster.may(access)));
  return judgeRights(
    needed.filter((_, index) => allowed[index] === false),
    needed.length,
  );
};
