import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A file of an archive; its path has slashes and is relative to the archive's root. */
export interface ArchiveFile {
  path: string;
  content: Buffer;
}

const BLOCK = 512;
const LARGEST_STORED = 0xffff;

/**
 * A .tar.gz that depends on nothing but paths and contents: neither on the order of the files, nor on who owns them, may
 * read them and when they changed, nor on the machine. Nothing is compressed, because what a compressor makes of the
 * same bytes differs between its versions and processors; rules are a few kilobytes.
 */
export function tarGz(files: readonly ArchiveFile[]): Buffer {
  return gzipStored(tar(files));
}

/** Checksum of an archive, as hexadecimal digits. */
export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function tar(files: readonly ArchiveFile[]): Buffer {
  const folders = new Set(files.flatMap(({ path }) => parents(path)));
  const entries = [
    ...[...folders].map((path) => ({ path, content: Buffer.alloc(0), folder: true })),
    ...files.map((file) => ({ ...file, folder: false })),
  ].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  const blocks = entries.flatMap(({ path, content, folder }) => [
    header(path, content.length, folder),
    content,
    Buffer.alloc(-content.length & (BLOCK - 1)),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

/** `a/b/c` lies in `a/` and `a/b/`. */
function parents(path: string): string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_, index) => `${steps.slice(0, index + 1).join('/')}/`);
}

/** A ustar header that belongs to nobody and dates from 1970. */
function header(path: string, size: number, folder: boolean): Buffer {
  if (Buffer.byteLength(path) > 100)
    throw new RangeError(`${path} is longer than the 100 bytes that tar has for a name`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, width: number) =>
    block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');
  block.write(path, 0);
  octal(folder ? 0o755 : 0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write(folder ? '5' : '0', 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  // The sum counts its own field as spaces.
  block.fill(' ', 148, 156);
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
    'latin1',
  );
  return block;
}

/** A gzip container of stored blocks (RFC 1952, RFC 1951 3.2.4), without name and time, from an unknown system. */
function gzipStored(content: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])];
  for (let start = 0; start < content.length; start += LARGEST_STORED) {
    const piece = content.subarray(start, start + LARGEST_STORED);
    const head = Buffer.alloc(5);
    head.writeUInt8(start + piece.length === content.length ? 1 : 0, 0);
    head.writeUInt16LE(piece.length, 1);
    head.writeUInt16LE(~piece.length & LARGEST_STORED, 3);
    parts.push(head, piece);
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length, 4);
  return Buffer.concat([...parts, trailer]);
}
