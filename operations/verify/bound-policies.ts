import { createHash } from 'node:crypto';
import type { NetworkConfig, OnboardedRule } from '../../infra/config';
import { packageRule } from '../../policies/packaging';
import { environmentToken } from '../../policies/provider/http/environment-tokens';
import type { RequestContext } from '../../policies/provider/http/service';
import type { Services } from '../../policies/provider/services/services';
import { isJsonObject, type JsonObject } from '../../policies/provider/wire/value';

/** What was found out about something that has to be there for a decision. */
export interface Finding {
  subject: string;
  /** What was seen, and whether it will do; unknown: it cannot be seen from here. */
  text: string;
  state: 'good' | 'bad' | 'unknown';
}

const ARCHIVE_TIMEOUT = 10_000;

/**
 * Whether every policy that is bound can be run: onboarded, and its archive there with the right checksum; whatever asks for
 * it is denied otherwise.
 *
 * @param uris of the policies
 */
export async function boundPolicies(
  services: Services,
  context: RequestContext,
  { policies }: NetworkConfig,
  uris: readonly string[],
): Promise<Finding[]> {
  return Promise.all(
    uris.map(async (uri) => {
      const entries = await services.policies.find(context, uri);
      const [entry] = entries;
      if (entry === undefined) return bad(uri, 'is not onboarded: everything that asks it is denied');
      const rule = policies.rules.find((one) => one.uri === uri);
      const foreign = rule && foreignContent(entry, rule, policies.code.url);
      return foreign === undefined ? archive(uri, entry) : bad(uri, foreign);
    }),
  );
}

/** Whether the executor is there that policies are run by in mode remote. */
export async function executorFinding(services: Services, context: RequestContext, id: string): Promise<Finding> {
  const subject = `executor ${id}`;
  const [entry] = await services.executors.find(context, id);
  if (entry === undefined) return bad(subject, 'is not registered: every policy denies');
  return { subject, text: 'is registered', state: 'good' };
}

/** What is not the stack's in the entry of one of its rules. */
function foreignContent(entry: JsonObject, { rule }: OnboardedRule, codeUrl: string): string | undefined {
  if (checksumOf(entry) !== packageRule(rule).sha256) return 'is onboarded with other code than the rule has here';
  const url = codeOf(entry);
  return url.startsWith(`${codeUrl}/`) ? undefined : `takes its code from ${url}, not from ${codeUrl}`;
}

async function archive(uri: string, entry: JsonObject): Promise<Finding> {
  const url = codeOf(entry);
  const wanted = checksumOf(entry);
  try {
    const token = environmentToken(new URL(url).origin);
    const response = await fetch(url, {
      signal: AbortSignal.timeout(ARCHIVE_TIMEOUT),
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    });
    if (!response.ok) return bad(uri, `its archive is not at ${url}: HTTP ${response.status}`);
    const content = Buffer.from(await response.arrayBuffer());
    if (wanted !== undefined && createHash('sha256').update(content).digest('hex') !== wanted)
      return bad(uri, `its archive at ${url} is another than was onboarded: its checksum differs`);
    return { subject: uri, text: 'onboarded, its archive is there', state: 'good' };
  } catch (error) {
    if (!URL.canParse(url)) return bad(uri, `its code is at no URL: ${url}`);
    return {
      subject: uri,
      text: `onboarded; its archive at ${url} cannot be reached from here${causeOf(error)}`,
      state: 'unknown',
    };
  }
}

function checksumOf({ metadata }: JsonObject): string | undefined {
  const checksum = isJsonObject(metadata) ? metadata.code_sha256 : undefined;
  return typeof checksum === 'string' ? checksum : undefined;
}

const codeOf = ({ code }: JsonObject): string => (typeof code === 'string' ? code : JSON.stringify(code ?? null));

const bad = (subject: string, text: string): Finding => ({ subject, text, state: 'bad' });

function causeOf(error: unknown): string {
  const { code } = ((error as Error).cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? ` (${code})` : '';
}
