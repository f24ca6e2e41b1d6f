import { Target } from './target';

interface ServiceAddress {
  url: string;
  address?: string;
}

/** What a user wants to know once everything is up. */
export function summary(stack: string, target: Target, outputs: Record<string, unknown>): string {
  const services = Object.entries((outputs.services ?? {}) as Record<string, ServiceAddress>);
  const width = Math.max(0, ...services.map(([name]) => name.length));
  const urls = Math.max(0, ...services.map(([, { url }]) => url.length));
  return [
    '',
    `Services (inside the cluster, and where other clusters reach them):`,
    ...services.map(([name, { url, address }]) =>
      `  ${name.padEnd(width)}  ${url.padEnd(urls)}  ${address ?? ''}`.trimEnd(),
    ),
    '',
    'Databases:',
    ...['registry', 'metrics'].map((name) => `  ${name.padEnd(width)}  ${hostsOf(outputs[name]).join(', ')}`),
    '',
    ...(target.kind === 'embedded' ? embeddedHints(target) : []),
    `Show what a change would do:  make preview${stackArgument(stack)}`,
    `Take it down:                 make down${stackArgument(stack)}${target.kind === 'embedded' ? '   (and "make stop" ends the control plane)' : ''}`,
    '',
  ].join('\n');
}

const hostsOf = (database: unknown) => (database as { hosts?: string[] } | undefined)?.hosts ?? [];

const stackArgument = (stack: string) => (stack === 'dev' ? '' : ` STACK=${stack}`);

function embeddedHints({ kubeconfig, kubectl }: Extract<Target, { kind: 'embedded' }>): string[] {
  return [
    'Look at it with kubectl (the control plane is real, the nodes are simulated: no container runs):',
    `  export KUBECONFIG=${kubeconfig}`,
    `  ${kubectl} get statefulsets,deployments,services -A`,
    '',
  ];
}
