import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { parseConfig } from '../../infra/config';
import { ManagementCluster } from '../../infra/management-cluster';
import {
  type Addition,
  additions,
  behaviourDeviations,
  type ValueDeviation,
  valueDeviations,
} from '../../infra/upstream-deviations';
import { type ProgramRun, type Registration, runProgram } from '../pulumi-mocks';
import { type ComparedDeployment, type ServiceField, serviceFields } from './service-fields';
import { fieldPaths, renderedDeployments } from './rendered-services';

// A whole stack is two hundred registrations: long for a busy machine, and nothing hangs.
jest.setTimeout(60_000);

/** The address that upstream's manifests carry everywhere: with it, what remains different differs on purpose. */
const upstreamHost = '34.58.1.86';

const upstream = JSON.parse(readFileSync(path.join(__dirname, 'upstream-services.json'), 'utf8')) as {
  services: ComparedDeployment[];
};

function run(services: Record<string, unknown> = {}): Promise<ProgramRun> {
  const values = {
    network: { name: 'upstream', advertisedHost: upstreamHost },
    services: { imageRegistry: `${upstreamHost}:31280`, ...services },
    gateway: { image: 'gateway.image' },
    cluster: { context: 'test' },
  };
  const config = parseConfig({ stack: 'test', values }, {});
  return runProgram(() => {
    new ManagementCluster('upstream', config, {});
  });
}

const keyOf = ({ service, container, field }: { service: string; container?: string; field: string }) =>
  [service, container, field].filter(Boolean).join(' ');

const valuesByKey = (fields: ServiceField[]) => new Map(fields.map((field) => [keyOf(field), field] as const));

interface Difference {
  service: string;
  container?: string;
  field: string;
  upstream?: string;
  ours?: string;
}

function differences(theirs: ServiceField[], ours: ServiceField[]): Difference[] {
  const left = valuesByKey(theirs);
  const right = valuesByKey(ours);
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) => {
    const [upstreamField, ourField] = [left.get(key), right.get(key)];
    const place = upstreamField ?? ourField;
    if (place === undefined || upstreamField?.value === ourField?.value) return [];
    const { service, container, field } = place;
    return [
      {
        service,
        ...(container !== undefined && { container }),
        field,
        ...(upstreamField && { upstream: upstreamField.value }),
        ...(ourField && { ours: ourField.value }),
      },
    ];
  });
}

const explains = (deviation: ValueDeviation, difference: Difference) =>
  (deviation.service ?? difference.service) === difference.service &&
  deviation.container === difference.container &&
  deviation.field === difference.field &&
  deviation.upstream?.replace(/:latest$/, '') === difference.upstream &&
  deviation.ours === difference.ours;

describe('our services against those of the upstream installer', () => {
  let found: Difference[];
  beforeAll(async () => {
    const ours = renderedDeployments((await run()).resources);
    found = differences(upstream.services.flatMap(serviceFields), ours.flatMap(serviceFields));
  });

  test('differ only where a deviation says so', () => {
    const unexplained = found.filter((difference) => !valueDeviations.some((one) => explains(one, difference)));
    expect(unexplained).toEqual([]);
  });

  test('differ wherever a deviation says so', () => {
    const unused = valueDeviations.filter((one) => !found.some((difference) => explains(one, difference)));
    expect(unused).toEqual([]);
  });
});

describe('what our services have beside the fields of upstream', () => {
  let fields: Map<string, string[]>;
  beforeAll(async () => {
    // Everything that is optional, switched on.
    const { resources } = await run({
      imagePullSecrets: ['registry'],
      overrides: { 'blocks-db': { replicas: 2 } },
    });
    fields = fieldsByKind(resources);
  });

  const covers = (addition: Addition, kind: string, field: string) =>
    addition.kind === kind && (addition.field === undefined || `${field}.`.startsWith(`${addition.field}.`));

  test('is listed', () => {
    const unlisted = [...fields].flatMap(([kind, paths]) =>
      paths.filter((field) => !additions.some((one) => covers(one, kind, field))).map((field) => `${kind} ${field}`),
    );
    expect(unlisted).toEqual([]);
  });

  test('is all there that is listed', () => {
    const absent = additions.filter(
      (one) => !(fields.get(one.kind) ?? []).some((field) => covers(one, one.kind, field)),
    );
    expect(absent).toEqual([]);
  });
});

test('every fault of the upstream installer is answered', () => {
  const all = [...valueDeviations, ...additions, ...behaviourDeviations];
  expect(new Set(all.flatMap(({ fault }) => fault ?? []))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
});

/** Paths of the fields that upstream's services don't have, by kind. */
function fieldsByKind(resources: Registration[]): Map<string, string[]> {
  const ours = resources.filter(({ parent }) => parent.includes('NetworkService::'));
  const kinds = new Map<string, string[]>();
  for (const { inputs } of ours) {
    const kind = String(inputs.kind);
    kinds.set(kind, [...(kinds.get(kind) ?? []), ...fieldPaths(inputs)]);
  }
  return new Map([...kinds].map(([kind, paths]) => [kind, [...new Set(paths)]]));
}
