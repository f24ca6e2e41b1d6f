import { columns } from '../shared/cli/columns';
import type { EmbeddedTarget, Target } from './target';

interface ServiceAddress {
  /** Inside the cluster. */
  url: string;
  /** Where other clusters reach it; absent for what only this cluster uses. */
  advertised?: string;
}

/**
 * What a user wants to know once everything is up.
 *
 * @param decisions lines on what the policies were seen to decide
 */
export function summary(
  stack: string,
  target: Target,
  outputs: Record<string, unknown>,
  decisions: readonly string[],
): string {
  const services = Object.entries((outputs.services ?? {}) as Record<string, ServiceAddress>);
  const rows = services.map(([name, { url, advertised = '' }]) => [name, advertised, url]);
  const stop = target.kind === 'embedded' ? '   ("make stop" ends the control plane)' : '';
  return [
    '',
    'Services, where other clusters reach them and inside the cluster:',
    ...table(rows),
    '',
    'Databases:',
    ...table(['registry', 'metrics'].flatMap((name) => hostsOf(outputs[name]).map((host) => [name, host]))),
    '',
    ...decisions,
    ...(target.kind === 'embedded' ? embeddedHints(target) : []),
    `Show what a change would do:  make preview${stackArgument(stack)}`,
    `Take it down:                 make down${stackArgument(stack)}${stop}`,
    '',
  ].join('\n');
}

const table = (rows: string[][]) => columns(rows).map((line) => `  ${line}`);

const hostsOf = (database: unknown) => (database as { hosts?: string[] } | undefined)?.hosts ?? [];

const stackArgument = (stack: string) => (stack === 'dev' ? '' : ` STACK=${stack}`);

function embeddedHints({ kubeconfig, kubectl }: EmbeddedTarget): string[] {
  return [
    'Look at it with kubectl (the control plane is real, the nodes are simulated: no container runs):',
    `  export KUBECONFIG=${forShell(kubeconfig)}`,
    `  ${forShell(kubectl)} get statefulsets,deployments,services -A`,
    '',
  ];
}

const forShell = (path: string) => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);
