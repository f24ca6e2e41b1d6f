import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretsManager } from '../../../../../embedded/engine/secrets/passphrase';
import type { DeploymentJson } from '../../../../../embedded/engine/state/codec';
import type { ResourceState, StackState } from '../../../../../embedded/engine/state/resource-state';

/** A state that the real CLI exported after an update. */
export const exportedByCli = () => readFileSync(join(__dirname, 'pulumi-state-example.json'), 'utf8');
export const deploymentOfCli = () => (JSON.parse(exportedByCli()) as { deployment: DeploymentJson }).deployment;
export const PASSPHRASE_OF_CLI = 'x';

/** Secrets that cost nothing: a counter tells ciphertexts of one plaintext apart. */
export class FakeSecrets implements SecretsManager {
  readonly state: { salt: string };
  private made = 0;

  constructor(readonly name: string) {
    this.state = { salt: name };
  }

  encrypt(plaintext: string): string {
    this.made += 1;
    return `${this.name}:${this.made}:${Buffer.from(plaintext).toString('base64')}`;
  }

  decrypt(ciphertext: string): string {
    const [name, , text = ''] = ciphertext.split(':');
    if (name !== this.name) throw new Error('another key');
    return Buffer.from(text, 'base64').toString();
  }
}

export const urnOf = (name: string, type = 'test:index:Thing') => `urn:pulumi:dev::p::${type}::${name}`;
const STACK = urnOf('p-dev', 'pulumi:pulumi:Stack');
const PROVIDER = urnOf('test', 'pulumi:providers:test');

export const stack: ResourceState = {
  urn: STACK,
  custom: false,
  type: 'pulumi:pulumi:Stack',
  inputs: {},
  outputs: {},
};
export const provider: ResourceState = {
  urn: PROVIDER,
  custom: true,
  id: '1',
  type: 'pulumi:providers:test',
  inputs: {},
  outputs: {},
  parent: STACK,
};

export function thing(name: string, changes: Partial<ResourceState> = {}): ResourceState {
  return {
    urn: urnOf(name),
    custom: true,
    id: name,
    type: 'test:index:Thing',
    inputs: {},
    outputs: {},
    parent: STACK,
    provider: `${PROVIDER}::1`,
    ...changes,
  };
}

export const needing = (...names: string[]) => ({ dependencies: names.map((name) => urnOf(name)) });

export const stateWith = (...resources: ResourceState[]): StackState => ({
  resources: [stack, provider, ...resources],
  pending: [],
  metadata: {},
});
