import { UserError } from '../../shared/errors';
import { PassphraseSecrets, type SecretsManager } from '../secrets/passphrase';
import { Secret, type Value, reveal } from '../values/value';
import { jsonText } from './json-text';
import { makeManifest } from './manifest';
import { resourceFromJson, resourceText } from './resource-json';
import type { OperationKind, PendingOperation, ResourceState, StackState } from './resource-state';
import { parsePlaintext, reviveSecrets, secretRecord } from './secret-record';

/** A parsed deployment of format version 3. */
export type DeploymentJson = Record<string, unknown>;

/** Keys of a deployment that say nothing which has to be kept as it is. */
const madeAnew: ReadonlySet<string> = new Set(['manifest', 'secrets_providers', 'resources', 'pending_operations']);

/** A secret's value as canonical JSON, and what it was encrypted to. */
interface Sealed {
  plaintext: string;
  ciphertext: string;
}

/**
 * Translates between Pulumi's deployment format v3 and a StackState.
 *
 * Encoding is incremental: a resource's text is made once, so rewriting a state of thousands of resources after each step
 * costs little. That holds as long as nobody changes a ResourceState; steps put new objects in place of old ones.
 */
export class StateCodec {
  private readonly texts = new WeakMap<ResourceState, Buffer>();
  /** By URN and path: an unchanged secret of a changed resource keeps its ciphertext. */
  private readonly sealed = new Map<string, Sealed>();

  /** @param secrets what states are written with */
  constructor(readonly secrets: SecretsManager) {}

  /**
   * @param decrypter what the deployment was written with, if that is not what it will be written with
   * @param deployment whole, as {@link deploymentProblem} has it
   * @throws UserError if a secret cannot be decrypted
   */
  decode(deployment: DeploymentJson, decrypter: SecretsManager = this.secrets): StackState {
    return {
      resources: list(deployment, 'resources').map((json) => this.decodeResource(json, decrypter)),
      pending: list(deployment, 'pending_operations').map((json): PendingOperation => ({
        type: json.type as OperationKind,
        resource: this.decodeResource(json.resource as Record<string, unknown>, decrypter),
      })),
      metadata: Object.fromEntries(Object.entries(deployment).filter(([key]) => !madeAnew.has(key))),
    };
  }

  /** The deployment as JSON text. */
  encode(state: StackState, time = new Date()): Buffer {
    const resources = state.resources.map((resource) => this.resourceText(resource));
    const pending = state.pending.map((operation) => this.operationText(operation));
    const kept = Object.entries({ metadata: {}, ...state.metadata });
    return joined([
      `{"manifest":${JSON.stringify(makeManifest(time))}`,
      `,"secrets_providers":${JSON.stringify({ type: PassphraseSecrets.type, state: this.secrets.state })}`,
      ...(resources.length > 0 ? [',"resources":[', ...separated(resources), ']'] : []),
      ...(pending.length > 0 ? [',"pending_operations":[', ...separated(pending), ']'] : []),
      ...kept.map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`),
      '}',
    ]);
  }

  private decodeResource(json: Record<string, unknown>, decrypter: SecretsManager): ResourceState {
    const urn = json.urn as string;
    const keepCiphertexts = decrypter.state.salt === this.secrets.state.salt;
    reviveSecrets(json as Value, (content, path) => {
      if ('plaintext' in content) return new Secret(parsePlaintext(content.plaintext));
      const { ciphertext } = content;
      const value = parsePlaintext(decrypted(ciphertext, urn, decrypter));
      if (!keepCiphertexts) return new Secret(value);
      this.sealed.set(placeOf(urn, path.join('/')), { plaintext: plaintextOf(value), ciphertext });
      return new Secret(value, ciphertext);
    });
    return resourceFromJson(json);
  }

  private resourceText(resource: ResourceState): Buffer {
    const known = this.texts.get(resource);
    if (known) return known;
    const text = Buffer.from(
      resourceText(resource, (secret, path) => {
        const { ciphertext } = this.seal(secret, resource.urn, path);
        return JSON.stringify(secretRecord({ ciphertext }));
      }),
    );
    this.texts.set(resource, text);
    return text;
  }

  private operationText({ type, resource }: PendingOperation): Buffer {
    return joined(['{"resource":', this.resourceText(resource), `,"type":${JSON.stringify(type)}}`]);
  }

  private seal(secret: Secret, urn: string, path: string): Sealed {
    const plaintext = plaintextOf(secret.value);
    const place = placeOf(urn, path);
    const known = this.sealed.get(place);
    if (known?.plaintext === plaintext && (secret.ciphertext ?? known.ciphertext) === known.ciphertext) return known;
    const sealed = { plaintext, ciphertext: secret.ciphertext ?? this.secrets.encrypt(plaintext) };
    this.sealed.set(place, sealed);
    return sealed;
  }
}

/** The JSON text that is encrypted. */
function plaintextOf(value: Value): string {
  return jsonText(reveal(value), 'secret', () => {
    throw new Error('revealed values hold no secrets');
  });
}

const placeOf = (urn: string, path: string) => `${urn}\n${path}`;

function decrypted(ciphertext: string, urn: string, decrypter: SecretsManager): string {
  try {
    return decrypter.decrypt(ciphertext);
  } catch {
    throw new UserError(`Cannot decrypt a secret of ${urn}: it was encrypted with another key than the state says.`);
  }
}

const list = (deployment: DeploymentJson, key: string) => (deployment[key] ?? []) as Record<string, unknown>[];

const joined = (parts: (string | Buffer)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));

function separated(texts: Buffer[]): Buffer[] {
  const comma = Buffer.from(',');
  return texts.flatMap((text, index) => (index === 0 ? [text] : [comma, text]));
}
