import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';

const run = promisify(execFile);

/** A release of Kubernetes with the checksum that Go's module proxy has to deliver. */
export interface Release {
  version: string;
  sum: string;
}

/** An object as a stack renders it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  [field: string]: unknown;
}

type Schema = Record<string, unknown>;

interface Definition extends Schema {
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
}

/** What a release of Kubernetes lets an object consist of, as its OpenAPI says; a field that it does not know is refused. */
export class OpenApi {
  private readonly validators = new Map<string, ValidateFunction>();

  private constructor(
    private readonly definitions: Record<string, Definition>,
    private readonly ajv: Ajv,
    private readonly version: string,
  ) {}

  /** The specification that the release's own source carries: the Go module k8s.io/kubernetes. */
  static async of({ version, sum }: Release): Promise<OpenApi> {
    // Outside of any module, whose requirements would be resolved otherwise.
    const { stdout } = await run('go', ['mod', 'download', '-json', `k8s.io/kubernetes@${version}`], { cwd: tmpdir() });
    const { Dir, Sum } = JSON.parse(stdout) as { Dir: string; Sum: string };
    if (Sum !== sum) throw new Error(`k8s.io/kubernetes ${version} is ${Sum}, and ${sum} was expected`);
    const text = await readFile(path.join(Dir, 'api/openapi-spec/swagger.json'), 'utf8');
    const { definitions } = JSON.parse(text) as { definitions: Record<string, Definition> };
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, inlineRefs: false });
    ajv.addSchema({ definitions: strict(definitions) }, version);
    return new OpenApi(definitions, ajv, version);
  }

  /** What the release would say against an object; nothing where it takes it. */
  faults(object: KubernetesObject): string[] {
    const { apiVersion, kind } = object;
    const validate = this.validator(apiVersion, kind);
    if (validate === undefined) return [`there is no ${kind} in ${apiVersion}`];
    return validate(object) ? [] : (validate.errors ?? []).map(faultText);
  }

  private validator(apiVersion: string, kind: string): ValidateFunction | undefined {
    const key = `${apiVersion}/${kind}`;
    const known = this.validators.get(key);
    if (known !== undefined) return known;
    const [version = '', group = ''] = apiVersion.split('/').reverse();
    const found = Object.entries(this.definitions).find(([, definition]) =>
      definition['x-kubernetes-group-version-kind']?.some(
        (one) => one.group === group && one.version === version && one.kind === kind,
      ),
    );
    if (found === undefined) return undefined;
    const validate = this.ajv.compile({ $ref: `${this.version}#/definitions/${found[0]}` });
    this.validators.set(key, validate);
    return validate;
  }
}

/** As an API server validates with `fieldValidation=Strict`, and with what Swagger 2 cannot say of numbers in texts. */
function strict(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(strict);
  if (typeof node !== 'object' || node === null) return node;
  const schema = node as Schema;
  if (schema.format === 'int-or-string') return { type: ['string', 'integer'] };
  const entries = Object.entries(schema).map(([key, value]) => [key, strict(value)] as const);
  const closed = isMap(schema.properties) && schema.additionalProperties === undefined;
  return { ...Object.fromEntries(entries), ...(closed && { additionalProperties: false }) };
}

const isMap = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

function faultText({ instancePath, message = '', params }: ErrorObject): string {
  const unknown = (params as { additionalProperty?: string }).additionalProperty;
  return `${instancePath || '/'} ${message}${unknown === undefined ? '' : `: ${unknown}`}`;
}
