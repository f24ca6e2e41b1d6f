import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { AnalyzerClient } from '@pulumi/pulumi/proto/analyzer_grpc_pb';
import {
  type AnalyzeResponse,
  AnalyzeRequest,
  AnalyzerResource,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
  EnforcementLevel,
} from '@pulumi/pulumi/proto/analyzer_pb';
import { type JavaScriptValue, Struct } from 'google-protobuf/google/protobuf/struct_pb';

const PACK = path.join(__dirname, '../../../../policies/guardrails');
/** As the engines mark what is secret or not known yet. */
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
const SECRET = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270' };

let pack: ChildProcess;
let client: AnalyzerClient;

/** Starts the pack as an engine does: with the stack's configuration in its environment, and the port in its first line. */
beforeAll(async () => {
  const guardrails = { enforcement: 'mandatory', rules: { probes: 'disabled', resources: 'advisory' } };
  const config = { 'aios-network:guardrails': JSON.stringify({ ...guardrails, requiredBindings: ['add_node'] }) };
  pack = spawn(process.execPath, [PACK], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PULUMI_CONFIG: JSON.stringify(config) },
  });
  if (!pack.stdout) throw new Error('the pack has no output');
  const [port] = (await once(createInterface({ input: pack.stdout }), 'line')) as [string];
  client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
});
afterAll(() => {
  client.close();
  pack.kill();
});

const properties = (container: Record<string, JavaScriptValue>) =>
  Struct.fromJavaScript({
    metadata: { name: 'parser', namespace: 'services' },
    spec: {
      replicas: 1,
      template: { spec: { containers: [{ name: 'main', ports: [{ containerPort: 80 }], ...container }] } },
    },
  });

const TYPE = 'kubernetes:apps/v1:Deployment';
const URN = `urn:pulumi:trial::aios-network::${TYPE}::parser`;

async function analyze(container: Record<string, JavaScriptValue>) {
  const request = new AnalyzeRequest().setType(TYPE).setName('parser').setUrn(URN);
  request.setProperties(properties(container)).setOptions(new AnalyzerResourceOptions());
  const send = promisify<AnalyzeRequest, AnalyzeResponse>(client.analyze.bind(client));
  return diagnosticsOf(await send(request));
}

function diagnosticsOf(response: AnalyzeResponse) {
  return response.getDiagnosticsList().map((one) => ({
    policy: one.getPolicyname(),
    mandatory: one.getEnforcementlevel() === EnforcementLevel.MANDATORY,
    message: one.getMessage(),
  }));
}

test('a breach is mandatory, advisory or not looked for, as the stack says, and comes with its remedy', async () => {
  const found = await analyze({ image: 'parser:latest' });
  expect(found.map(({ policy, mandatory }) => [policy, mandatory])).toEqual([
    ['images-pinned', true],
    ['resources', false],
  ]);
  expect(found[0]?.message).toMatch(/container main runs parser:latest, .*\n *fix: set services.tag/);
});

test('what is not known yet is no breach, and no reason not to look at the rest', async () => {
  const env = [
    { name: 'A', value: UNKNOWN },
    { name: 'API_TOKEN', value: 'hunter2' },
  ];
  const found = await analyze({ image: UNKNOWN, resources: UNKNOWN, env });
  expect(found.map(({ policy }) => policy)).toEqual(['no-plain-credentials']);
  expect(JSON.stringify(found)).not.toContain('hunter2');
});

test('what is secret is looked at, and not told', async () => {
  const env = [{ name: 'DB_URL', value: { ...SECRET, value: 'mongodb://u:hunter2@host/' } }];
  const found = await analyze({ image: 'parser:v1', resources: UNKNOWN, env });
  expect(found).toMatchObject([{ policy: 'no-plain-credentials' }]);
  expect(JSON.stringify(found)).not.toContain('hunter2');
});

test('a stack is looked at as a whole, with its settings', async () => {
  const resource = new AnalyzerResource().setType(TYPE).setName('parser').setUrn(URN);
  resource.setProperties(properties({ image: 'parser:v1' })).setOptions(new AnalyzerResourceOptions());
  const send = promisify<AnalyzeStackRequest, AnalyzeResponse>(client.analyzeStack.bind(client));
  const found = diagnosticsOf(await send(new AnalyzeStackRequest().setResourcesList([resource])));
  expect(found.map(({ policy, message }) => `${policy}: ${message}`)).toEqual([
    expect.stringMatching(/^databases-kept: .*\nthe database registry is not in the stack/),
    expect.stringMatching(/^databases-kept: .*\nthe database metrics-db is not in the stack/),
    expect.stringMatching(/^required-bindings: .*\nasks no policy before add_node/),
  ]);
});
