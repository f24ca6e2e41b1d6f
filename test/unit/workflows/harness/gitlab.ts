import { readFile } from 'node:fs/promises';
import { type ScalarTag, type CollectionTag, YAMLSeq, isScalar, parse } from 'yaml';

export interface GitLabJob {
  extends?: string | string[];
  stage?: string;
  script?: string[];
  before_script?: string[];
  variables?: Record<string, string>;
  rules?: { if: string; when?: string }[];
  interruptible?: boolean;
}

type Jobs = Record<string, GitLabJob>;

/** `!reference [job, key]`, left as that pair. */
const REFERENCE: CollectionTag = {
  tag: '!reference',
  collection: 'seq',
  resolve: (value) => {
    if (!(value instanceof YAMLSeq)) throw new Error('a reference is a list');
    const path = value.items.map((item) => (isScalar(item) ? String(item.value) : ''));
    return new ReferenceNode(path);
  },
};

class ReferenceNode extends YAMLSeq {
  constructor(private readonly path: string[]) {
    super();
  }

  override toJSON(): string[] {
    return this.path;
  }
}

/** The jobs of a pipeline with what they extend and refer to in place. */
export async function readPipeline(file: string): Promise<Jobs> {
  const customTags: (ScalarTag | CollectionTag)[] = [REFERENCE];
  const jobs = parse(await readFile(file, 'utf8'), { customTags }) as Jobs;
  const names = Object.keys(jobs).filter((name) => Array.isArray(whole(jobs, name).script));
  return Object.fromEntries(names.filter((name) => !name.startsWith('.')).map((name) => [name, whole(jobs, name)]));
}

function whole(jobs: Jobs, name: string): GitLabJob {
  const { extends: parents = [], ...own } = jobs[name] ?? {};
  const inherited = [parents].flat().map((parent) => whole(jobs, parent));
  const variables = Object.assign({}, ...[...inherited, own].map((job) => job.variables)) as Record<string, string>;
  const merged = Object.assign({}, ...inherited, own, { variables }) as GitLabJob;
  return { ...merged, ...(merged.before_script && { before_script: resolved(jobs, merged.before_script) }) };
}

function resolved(jobs: Jobs, lines: readonly (string | string[])[]): string[] {
  return lines.flatMap((line) => {
    if (typeof line === 'string') return line;
    const [job = '', key = ''] = line;
    return (jobs[job] as Record<string, string[]> | undefined)?.[key] ?? [];
  });
}
