import type { types } from '@pulumi/kubernetes';
import { MongoReplicaSet } from '../../../../infra/database/mongo-replica-set';
import type { PodHost } from '../../../../infra/database/members/types';
import { NetworkService } from '../../../../infra/services/network-service';
import { networkConfig } from '../../../network-config';
import { type Registration, runProgram } from '../../../pulumi-mocks';
import { podIo } from './members-script';

type Template = types.output.core.v1.PodTemplateSpec;

const OPTIONS = '&tls=true&tlsCAFile=/etc/mongodb-ca/ca.crt';
const backup = { to: { volume: {} } };

/** A database with a service of its own, at a step. */
async function register(mode?: string): Promise<Registration[]> {
  const tls = mode === undefined ? {} : { tls: { secret: 'registry-tls', mode } };
  const { registry: config, services } = networkConfig({ registry: { backup, ...tls } });
  const service = services['blocks-db'];
  if (service === undefined) throw new Error('no blocks-db');
  const { resources } = await runProgram(() => {
    const database = new MongoReplicaSet('registry', {
      namespace: 'registries',
      config,
      nodeLabels: { registry: 'yes' },
      clients: { 'blocks-db': { databases: ['blocks'], path: 'blocks' } },
      clientLabels: {},
      imagePullSecrets: [],
    });
    new NetworkService('blocks-db', { config: service, database, imagePullSecrets: [] }, {});
  });
  return resources;
}

function inputs(resources: readonly Registration[], kind: string, name: string): Registration['inputs'] {
  const found = resources.find((one) => one.inputs.kind === kind && one.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found.inputs;
}

const template = (resources: readonly Registration[], kind: string, name: string) =>
  (inputs(resources, kind, name).spec as { template: Template }).template;
const backupTemplate = (resources: readonly Registration[]) =>
  (inputs(resources, 'CronJob', 'registry-backup').spec as types.output.batch.v1.CronJobSpec).jobTemplate.spec.template;
const keysOf = (resources: readonly Registration[]) => {
  const { value } = inputs(resources, 'Secret', 'registry-connection').stringData as { value: Record<string, string> };
  return Object.keys(value).toSorted();
};

test('without it nothing of it is in any object', async () => {
  const resources = (await register()).filter(
    ({ name, inputs: { kind } }) => !(kind === 'ConfigMap' && /members|backup/.test(name)),
  );
  expect(JSON.stringify(resources)).not.toMatch(/tls/i);
});

test.each([
  ['allow', 'allowTLS', 'blocks-db', false],
  ['prefer', 'preferTLS', 'blocks-db-tls', true],
  ['require', 'requireTLS', 'blocks-db-tls', true],
])('at %s members run with %s, and services connect by the key %s', async (mode, tlsMode, key, verifies) => {
  const resources = await register(mode);
  const { spec } = template(resources, 'StatefulSet', 'registry');
  const [mongod, members] = spec.containers;
  expect(mongod?.args.join(' ')).toContain(
    `--tlsMode ${tlsMode} --tlsCertificateKeyFile /etc/mongod/certificate.pem --tlsCAFile /etc/members/tls/ca.crt ` +
      '--tlsAllowConnectionsWithoutCertificates',
  );
  expect(members?.env).toContainEqual({ name: 'TLS_MODE', value: mode });
  expect(spec.volumes).toContainEqual({ name: 'tls', secret: { secretName: 'registry-tls', defaultMode: 0o440 } });

  const service = template(resources, 'Deployment', 'blocks-db').spec;
  const keys = service.containers.flatMap(({ env }) =>
    env.map((one) => (one as Partial<typeof one>).valueFrom?.secretKeyRef.key),
  );
  expect(keys.filter(Boolean)).toEqual([key]);
  // The key of the members is not among it.
  const items = [{ key: 'ca.crt', path: 'ca.crt' }];
  const authority = { name: 'mongodb-ca', secret: { secretName: 'registry-tls', items } };
  for (const pod of [service, backupTemplate(resources).spec]) {
    expect(((pod as Partial<typeof pod>).volumes ?? []).filter(({ name }) => name === 'mongodb-ca')).toEqual(
      verifies ? [authority] : [],
    );
  }
  const tools = backupTemplate(resources).spec.containers[0]?.env.find(({ name }) => name === 'TLS_OPTIONS');
  expect(tools?.value).toBe(verifies ? OPTIONS : undefined);
});

test('both ways of connecting are there while services change, and one when no other is let in', async () => {
  const plain = keysOf(await register());
  expect(plain).toContain('blocks-db');
  for (const mode of ['allow', 'prefer']) {
    expect(keysOf(await register(mode))).toEqual([...plain, 'blocks-db-tls'].toSorted());
  }
  expect(keysOf(await register('require'))).toEqual(['blocks-db-tls']);
});

describe('the members script', () => {
  const files: Record<string, string> = {
    '/etc/mongod/keyfile': 'KEY',
    '/etc/members/tls/tls.crt': 'CERTIFICATE\n',
    '/etc/members/tls/tls.key': 'KEY\n',
  };

  function pod(mode?: string) {
    const [uris, commands]: [string[], unknown[]] = [[], []];
    const answers: (Error | undefined)[] = [];
    const runCommand = (command: unknown) => {
      commands.push(command);
      const error = answers.shift();
      return error ? Promise.reject(error) : Promise.resolve({ ok: 1 });
    };
    const host: PodHost = {
      env: {
        ...{ POD_NAME: 'registry-1', POD_NAMESPACE: 'registries', STATEFUL_SET: 'registry', REPLICA_SET: 'rs0' },
        ...{ MEMBER_DOMAIN: 'registries.svc.cluster.local:27017', ...(mode !== undefined && { TLS_MODE: mode }) },
      },
      fs: {
        readFileSync: (file: string) => files[file] ?? '',
        writeFileSync: (file, text) => void (files[file] = text),
        renameSync: (from, to) => void (files[to] = files[from] ?? ''),
      },
      https: {
        request: () => {
          throw new Error('not asked');
        },
      },
      connect: (uri) => {
        uris.push(uri);
        return Promise.resolve({ getDB: () => ({ runCommand }), close: () => Promise.resolve() });
      },
      sleep: () => Promise.resolve(),
      log: () => undefined,
    };
    return { io: podIo(host), uris, commands, answers };
  }

  test('connects over TLS once all members take it; its own address alone is not in the certificate', async () => {
    const { io, uris } = pod('prefer');
    await io.command(1, 'admin', { ping: 1 });
    await io.command(2, 'admin', { ping: 1 });
    expect(uris.map((uri) => /&tls=.*/.exec(uri)?.[0])).toEqual([
      '&tls=true&tlsCAFile=/etc/members/tls/ca.crt&tlsAllowInvalidHostnames=true',
      '&tls=true&tlsCAFile=/etc/members/tls/ca.crt',
    ]);
    for (const mode of [undefined, 'allow']) {
      const plain = pod(mode);
      await plain.io.command(2, 'admin', { ping: 1 });
      expect(plain.uris.join()).not.toContain('tls');
    }
  });

  test('has mongod take a renewed certificate, again where mongod did not, and nothing while it is the same', async () => {
    const { io, commands, answers } = pod('allow');
    answers.push(Object.assign(new Error('key does not match'), { code: 1 }));
    await expect(io.renewCertificate()).rejects.toThrow('key does not match');
    await io.renewCertificate();
    await io.renewCertificate();
    expect(commands).toHaveLength(2);
    files['/etc/members/tls/tls.crt'] = 'RENEWED\n';
    await io.renewCertificate();
    expect(commands).toMatchObject([{ rotateCertificates: 1 }, { rotateCertificates: 1 }, { rotateCertificates: 1 }]);
    expect(files['/etc/mongod/certificate.pem']).toBe('RENEWED\nKEY\n');
  });

  test('without TLS there is nothing to renew', async () => {
    const { io, commands } = pod();
    await io.renewCertificate();
    expect(commands).toEqual([]);
  });
});
