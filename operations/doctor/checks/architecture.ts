import type { Architecture } from '../../../infra/config';
import { type Finding, findingsOf, someOf } from '../finding';
import type { Check } from '../check';
import { type NodeFacts, factsOf } from './node-facts';

const { ok, problem, warning } = findingsOf('architecture');

/** What node-feature-discovery says of a processor, where it is installed. */
const AVX = 'feature.node.kubernetes.io/cpu-cpuid.AVX';

/**
 * MongoDB 5 and newer needs AVX on amd64: without it mongod ends with an illegal instruction.
 * @param wanted what the stack's pods run on; undefined: any
 */
export function judgeArchitecture(all: readonly NodeFacts[], wanted: Architecture | undefined): Finding[] {
  const nodes = all.filter(({ architecture }) => wanted === undefined || architecture === wanted);
  if (nodes.length === 0 && all.length > 0) {
    return [
      problem(
        `cluster.architecture is ${wanted ?? ''}, and no node is of it`,
        'name the one that the nodes have, or none',
      ),
    ];
  }
  const others = nodes.filter(({ architecture }) => architecture !== 'amd64' && architecture !== '');
  const isKnown = nodes.some(({ labels }) => AVX in labels);
  const without = isKnown
    ? nodes.filter(({ architecture, labels }) => architecture === 'amd64' && !(AVX in labels))
    : [];
  const findings = [
    ...(others.length === 0
      ? []
      : [
          warning(
            someOf(others.map(({ name, architecture }) => `${name} is ${architecture}`)),
            'images of upstream are built for amd64 alone: cluster.architecture: amd64 keeps pods off these nodes; or mirror ones of your own build',
          ),
        ]),
    ...(without.length === 0
      ? []
      : [
          problem(
            `${someOf(without.map(({ name }) => name))} without AVX`,
            'mongod 5 and newer ends there: use other machines for databases',
          ),
        ]),
  ];
  return findings.length > 0 ? findings : [ok(isKnown ? 'amd64, with AVX' : 'amd64')];
}

/** Whether the nodes' processors run what the stack starts. */
export const architectureCheck: Check = async ({ config }, cluster) =>
  judgeArchitecture((await cluster.nodes()).map(factsOf), config.architecture);
