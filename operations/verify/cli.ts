import { ApiException } from '@kubernetes/client-node';
import { readStack } from './stack-file';
import { table } from './table';
import { verify } from './verify';

const USAGE = `Usage: node --require tsx/cjs operations/verify/cli.ts STACK

Prints what governs the gateway, side by side: as the stack's file wants it, as the Deployment's environment has it, and as
the running gateway has it; then the maps of single clusters, which no Deployment has. Lines that differ are marked with ≠.
To be run in the project's folder.

Exit code: 0 all agree, 1 something differs, 2 it could not be found out
Environment: KUBECONFIG, AIOS_GATEWAY_TOKEN
`;

async function main([stack, ...rest]: string[]): Promise<number> {
  if (stack === undefined || stack.startsWith('-') || rest.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  const rows = await verify(readStack(process.cwd(), stack, process.env), process.env);
  const differing = rows.filter(({ differs }) => differs);
  const verdict =
    differing.length === 0
      ? 'All agree.'
      : `${differing.length} of ${rows.length} settings differ; \`make up${stack === 'dev' ? '' : ` STACK=${stack}`}\` makes them agree.`;
  process.stdout.write(`Governance of stack ${stack}\n\n${table(rows)}\n\n${verdict}\n`);
  return differing.length === 0 ? 0 : 1;
}

function explain(error: unknown): string {
  if (!(error instanceof ApiException)) return error instanceof Error ? error.message : String(error);
  return error.code === 404
    ? 'the cluster has no Deployment services/cluster-controller-gateway: `make up` makes it'
    : `the API server answered ${error.code}`;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`error: ${explain(error)}\n`);
    process.exitCode = 2;
  },
);
