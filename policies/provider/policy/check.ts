import { createHash } from 'node:crypto';
import { type Fields, show } from '../check/fields';
import { ORIGIN_KEY } from '../origin';
import { type Properties, containsUnknown, equal, open } from '../wire/value';
import { CHECKSUM_KEY, codeOf, contentDigest, CONTENT_INPUTS, entryInputs, uriOf } from './entry';

/** Inputs of a policy that its entry does not have. */
const steeringInputs = ['code', 'duplicates', 'allowContentChange', 'contentSha256'];

const defaults: Properties = {
  releaseTag: 'stable',
  description: '',
  tags: [],
  metadata: {},
  inputSchema: {},
  outputSchema: {},
  settingsSchema: {},
  parametersSchema: {},
  settings: {},
  parameters: {},
  functionalityData: {},
  resourceEstimates: {},
  duplicates: 'report',
  allowContentChange: false,
};

const part = {
  must: 'be a text without spaces, / and : (with a / in it, a policy could never be read again)',
  pattern: /^[^\s/:]+$/,
};
const objects = [
  'inputSchema',
  'outputSchema',
  'settingsSchema',
  'parametersSchema',
  'settings',
  'parameters',
  'functionalityData',
  'resourceEstimates',
];

/** The inputs with defaults and a digest of their content, which tells drift from a changed desired. */
export function completeInputs(news: Properties): Properties {
  const inputs = { ...defaults, ...news };
  return { ...inputs, contentSha256: contentDigest(inputs) };
}

export function checkPolicy(fields: Fields, inputs: Properties): void {
  fields.only([...entryInputs, ...steeringInputs]);
  for (const key of ['name', 'version', 'releaseTag']) fields.text(key, part);
  fields.text('type', { must: 'be a text' });
  fields.text('description', { must: 'be a text' });
  fields.list('tags');
  for (const key of objects) fields.object(key);
  const metadata = fields.object('metadata');
  for (const key of [CHECKSUM_KEY, ORIGIN_KEY]) {
    if (metadata?.valueOf(key) !== undefined)
      fields.fail('metadata', `holds the key ${key}, which this program writes itself: name yours otherwise`);
  }
  fields.choice('duplicates', ['report', 'clean']);
  fields.flag('allowContentChange');
  checkCode(fields, inputs);
}

function checkCode(fields: Fields, inputs: Properties): void {
  const code = fields.object('code');
  if (!code) return;
  code.only(['url', 'sha256', 'upload']).text('url', { must: 'be an http or https URL', accepts: isHttpUrl });
  code.text('sha256', { must: 'be a SHA-256 in hexadecimal', pattern: /^[0-9a-f]{64}$/ });
  const upload = code.object('upload', { optional: true });
  if (!upload) return;
  upload.only(['url', 'content']).text('url', { must: 'be an http or https URL', accepts: isHttpUrl });
  upload.text('content', { must: 'be base64', pattern: /^[A-Za-z0-9+/]+={0,2}$/ });
  const [content, sha256] = [upload.valueOf('content'), open(codeOf(inputs).sha256)];
  if (typeof content !== 'string' || typeof sha256 !== 'string') return;
  const actual = createHash('sha256').update(Buffer.from(content, 'base64')).digest('hex');
  if (actual !== sha256) code.fail('sha256', `"${sha256}": must be the checksum of what is uploaded, ${actual}`);
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

/**
 * Refuses other content under the same version. What a hand changed in the stored entry is not other content: the digest
 * among the old inputs is still that of what was asked for.
 */
export function checkSameContent(fields: Fields, news: Properties, olds: Properties): void {
  const digests = [news.contentSha256, olds.contentSha256];
  if (
    open(news.allowContentChange) === true ||
    digests.some((digest) => digest === undefined || containsUnknown(digest))
  ) {
    return;
  }
  if (!equal(uriOf(news), uriOf(olds)) || equal(digests[0], digests[1])) return;
  const rule = `a version keeps its content, as bindings name it by its version: raise version, or set allowContentChange: true`;
  const changed = CONTENT_INPUTS.filter((input) => !equal(news[input], olds[input]));
  for (const input of changed) fields.fail(input, `differs from what ${show(uriOf(news))} has: ${rule}`);
  const [sha256, before] = [codeOf(news).sha256, codeOf(olds).sha256];
  if (changed.length === 0 || !equal(sha256, before)) {
    fields.fail(
      'code.sha256',
      `${show(sha256 ?? '')} is not ${show(before ?? '')}, which ${show(uriOf(news))} has: ${rule}`,
    );
  }
}
