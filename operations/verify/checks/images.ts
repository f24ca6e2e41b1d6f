import { parseImage } from '../../../infra/config/image';
import { type Json, at, listAt, textAt } from '../../../kubernetes-api';
import { groupBy } from '../../group-by';
import type { Finding } from '../finding';

/** A container and its image, in the order of the pod. */
interface Use {
  container: string;
  image: string;
}

function usesIn(podSpec: Json | undefined): Use[] {
  return ['initContainers', 'containers'].flatMap((key) =>
    listAt(podSpec, key).map((one) => ({ container: textAt(one, 'name'), image: textAt(one, 'image') })),
  );
}

const templateOf = (workload: Json) => at(workload, 'spec', 'template', 'spec');

/** Containers of a workload that are set to another image than the stack's. */
export function wrongImages(wanted: Json, live: Json): string[] {
  const actual = usesIn(templateOf(live));
  return usesIn(templateOf(wanted)).flatMap(({ container, image }) => {
    const found = actual.find((one) => one.container === container);
    if (found?.image === image) return [];
    const is = found === undefined ? 'is not there' : `is set to ${found.image} in place of ${image}`;
    return [`container ${container} ${is}`];
  });
}

/** What pods run of a container's image, as their nodes tell it. */
interface Running {
  container: string;
  pod: string;
  digest: string;
}

/** What a node calls an image by its content alone (`sha256:…`, without a name) differs from the digest of the registry. */
function runningIn(pod: Json): Running[] {
  return listAt(pod, 'status', 'containerStatuses').flatMap((status) => {
    const { digest } = parseImage(textAt(status, 'imageID'));
    return digest === undefined
      ? []
      : [{ container: textAt(status, 'name'), pod: textAt(pod, 'metadata', 'name'), digest }];
  });
}

/**
 * Whether pods run one and the same content of each image, and the one that the stack names by its digest.
 *
 * Of an image for several architectures a node may tell the digest of its own: one that is not the stack's is doubtful, not wrong,
 * for by a digest nothing else can be pulled. What differs among the pods of one tag was pushed anew between their starts.
 */
export function judgeDigests(wanted: Json, pods: readonly Json[]): Pick<Finding, 'state' | 'text'> {
  const running = groupBy(pods.flatMap(runningIn), ({ container }) => container);
  const found = usesIn(templateOf(wanted)).flatMap(({ container, image }) =>
    judgeContainer(image, running.get(container) ?? []),
  );
  const worst = found.find(({ state }) => state === 'bad') ?? found.find(({ state }) => state === 'unknown');
  return worst ?? { state: 'good', text: found.map(({ text }) => text).join(', ') };
}

function judgeContainer(image: string, running: readonly Running[]): Pick<Finding, 'state' | 'text'>[] {
  const named = parseImage(image).digest;
  const byDigest = [...groupBy(running, ({ digest }) => digest)];
  const [first, second] = byDigest;
  if (first === undefined) return [];
  const name = running[0]?.container ?? '';
  if (second !== undefined && named === undefined) {
    const each = byDigest.map(([digest, those]) => `${those.map(({ pod }) => pod).join(', ')} ${short(digest)}`);
    return [{ state: 'bad', text: `pods run different contents of ${image} in ${name}: ${each.join('; ')}` }];
  }
  const other = named === undefined ? undefined : byDigest.find(([digest]) => digest !== named);
  if (other !== undefined) {
    const [digest, [{ pod }]] = other;
    const text = `${pod} tells ${short(digest)} of ${name} in place of ${short(named ?? '')}: for another architecture, maybe`;
    return [{ state: 'unknown', text }];
  }
  return [{ state: 'good', text: `${name} ${short(first[0])}` }];
}

const short = (digest: string) => digest.slice(0, 'sha256:'.length + 12);
