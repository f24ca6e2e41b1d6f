import { createHash } from 'node:crypto';
import { packageRule } from '../packaging';
import { environmentToken } from '../provider/http/environment-tokens';
import type { RequestContext } from '../provider/http/service';
import type { Services } from '../provider/services/services';
import { isJsonObject, type JsonObject } from '../provider/wire/value';
import { bad, type Finding } from './finding';
import type { Governed, GovernedRule } from './governed';

/** How long an archive is waited for, in milliseconds. */
const ARCHIVE_TIMEOUT = 5_000;

/**
 * Whether every policy can be run: onboarded, and its archive there with the right checksum; whatever asks for it is denied
 * otherwise.
 *
 * @throws Outage if the policies system cannot be believed
 */
export async function runnablePolicies(
  services: Services,
  context: RequestContext,
  { rules, code }: Pick<Governed, 'rules' | 'code'>,
  uris: readonly string[],
): Promise<Finding[]> {
  if (uris.length === 0) return [];
  const entries = await services.policies.lookUp(context, uris);
  return Promise.all(
    uris.map(async (uri) => {
      const entry = entries.get(uri);
      if (entry === undefined) return bad(uri, 'is not onboarded: everything that asks it is denied');
      const rule = rules.find((one) => one.uri === uri);
      const foreign = rule && foreignContent(entry, rule, code.url);
      return foreign === undefined ? archive(uri, entry, context.signal) : bad(uri, foreign);
    }),
  );
}

/**
 * Whether the executor is there that policies are run by in mode remote.
 * @throws Outage if the policies system cannot be believed
 */
export async function executorFinding(services: Services, context: RequestContext, id: string): Promise<Finding> {
  const subject = `executor ${id}`;
  const found = await services.executors.lookUp(context, [id]);
  return found.has(id)
    ? { subject, text: 'is registered', state: 'good' }
    : bad(subject, 'is not registered: every policy denies');
}

/** What is not the stack's in the entry of one of its rules. */
function foreignContent(entry: JsonObject, { rule }: GovernedRule, codeUrl: string): string | undefined {
  if (checksumOf(entry) !== packageRule(rule).sha256) return 'is onboarded with other code than the rule has here';
  const url = codeOf(entry);
  return url.startsWith(`${codeUrl}/`) ? undefined : `takes its code from ${url}, not from ${codeUrl}`;
}

async function archive(uri: string, entry: JsonObject, signal: AbortSignal): Promise<Finding> {
  const url = codeOf(entry);
  const wanted = checksumOf(entry);
  try {
    const token = environmentToken(new URL(url).origin);
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ARCHIVE_TIMEOUT)]),
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    });
    if (!response.ok) return bad(uri, `its archive is not at ${url}: HTTP ${response.status}`);
    const content = Buffer.from(await response.arrayBuffer());
    if (wanted !== undefined && createHash('sha256').update(content).digest('hex') !== wanted)
      return bad(uri, `its archive at ${url} is another than was onboarded: its checksum differs`);
    return { subject: uri, text: 'onboarded, its archive is there', state: 'good' };
  } catch (error) {
    if (!URL.canParse(url)) return bad(uri, `its code is at no URL: ${url}`);
    const text = `onboarded; its archive at ${url} cannot be reached from here${causeOf(error)}`;
    return { subject: uri, text, state: 'unknown' };
  }
}

function checksumOf({ metadata }: JsonObject): string | undefined {
  const checksum = isJsonObject(metadata) ? metadata.code_sha256 : undefined;
  return typeof checksum === 'string' ? checksum : undefined;
}

const codeOf = ({ code }: JsonObject): string => (typeof code === 'string' ? code : JSON.stringify(code ?? null));

function causeOf(error: unknown): string {
  const { code } = ((error as Error).cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? ` (${code})` : '';
}
