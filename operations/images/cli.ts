import { imageRegistry } from '../../infra/config/scalars';
import { columns } from '../columns';
import { oneStack, runCommand, UserError } from '../command-line';
import { stackObjects } from '../stack-objects/objects';
import { readOfflineStack } from '../stack-objects/offline-stack';
import { type UsedImage, usedImages } from './images';
import { COPY_PROGRAMS, type CopyProgram, type Mirror, mirrorScript } from './mirror';

const USAGE = `Usage: make images [STACK=NAME] [ARGS='--json' | ARGS='--script skopeo|crane --to HOST[:PORT][/PATH]']

Prints every image that has to be there for a stack: those that its pods pull, with init containers and sidecars, and those
that its services have other clusters of the network run. It is made of the stack's file; no cluster or registry is asked, so
that a digest is known where the stack's file names one.

  --json             as a list of objects: image, tag, digest, containers, handedOn
  --script PROGRAM   as a script that copies them with skopeo or crane, all platforms of each
  --to REGISTRY      where the script copies them to

Exit code: 0 printed, 2 it could not be
`;

const OPTIONS = { json: { type: 'boolean' }, script: { type: 'string' }, to: { type: 'string' } } as const;

runCommand(USAGE, OPTIONS, async ({ values, positionals }) => {
  const stack = oneStack(positionals, process.cwd());
  const mirror = mirrorOf(stack, values);
  const { raw, config } = readOfflineStack(process.cwd(), stack);
  const { objects } = await stackObjects(raw);
  const images = usedImages(objects, config);
  if (mirror !== undefined) process.stdout.write(mirrorScript(images, raw, mirror));
  else process.stdout.write(values.json === true ? `${JSON.stringify(images, null, 2)}\n` : listing(images));
  return 0;
});

interface Given {
  json?: boolean;
  script?: string;
  to?: string;
}

function mirrorOf(stack: string, { json, script, to }: Given): Mirror | undefined {
  if (script === undefined && to === undefined) return undefined;
  if (json === true) throw new UserError('--json and --script: choose one of them');
  if (script === undefined) throw new UserError('--to: name the program of the script as well, --script skopeo');
  if (!isProgram(script)) throw new UserError(`--script: "${script}" is neither ${COPY_PROGRAMS.join(' nor ')}`);
  if (to === undefined) throw new UserError('--script: say where to, --to registry.example.org:5000/aios');
  const { error } = imageRegistry.safeParse(to);
  if (error) throw new UserError(`--to: "${to}" ${error.issues[0]?.message ?? 'is no registry'}`);
  return { stack, program: script, to };
}

const isProgram = (name: string): name is CopyProgram => (COPY_PROGRAMS as string[]).includes(name);

function listing(images: readonly UsedImage[]): string {
  const rows = images.map(({ image, digest, containers, handedOn }) => [
    image,
    digest === undefined ? 'by tag' : 'by digest',
    [...containers, ...handedOn.map((place) => `(${place})`)].join(' '),
  ]);
  const pinned = images.filter(({ digest }) => digest !== undefined).length;
  return [
    ...columns([['image', 'named', 'used by (in brackets: handed to other clusters)'], ...rows]),
    '',
    `${images.length} images, ${pinned} of them by digest.`,
    '',
  ].join('\n');
}
