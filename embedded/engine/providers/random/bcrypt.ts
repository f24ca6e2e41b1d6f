import { piFraction } from './pi';

const rounds = 16;
const subkeys = rounds + 2;
const boxWords = 4 * 256;

/** Blowfish with the key schedule of bcrypt (Provos and Mazières: A Future-Adaptable Password Scheme). */
class Blowfish {
  private static initial: Uint32Array | undefined;
  private readonly p: Uint32Array;
  private readonly s: Uint32Array;

  constructor() {
    Blowfish.initial ??= piFraction(subkeys + boxWords);
    this.p = Blowfish.initial.slice(0, subkeys);
    this.s = Blowfish.initial.slice(subkeys);
  }

  /** Mixes a key, and optionally a salt of four words, into the state. */
  expand(key: Uint32Array, salt?: Uint32Array): void {
    for (let i = 0; i < subkeys; i++) this.p[i] = word(this.p, i) ^ word(key, i);
    const block = new Uint32Array(2);
    let position = 0;
    for (const target of [this.p, this.s]) {
      for (let i = 0; i < target.length; i += 2, position += 2) {
        if (salt) {
          block[0] = word(block, 0) ^ word(salt, position % 4);
          block[1] = word(block, 1) ^ word(salt, (position + 1) % 4);
        }
        this.encrypt(block, 0);
        target.set(block, i);
      }
    }
  }

  /** Encrypts two words in place. */
  encrypt(words: Uint32Array, at: number): void {
    const { p, s } = this;
    let left = word(words, at);
    let right = word(words, at + 1);
    for (let i = 0; i < rounds; i++) {
      left = (left ^ word(p, i)) >>> 0;
      const sum = word(s, left >>> 24) + word(s, 256 + ((left >>> 16) & 255));
      const mixed = ((sum ^ word(s, 512 + ((left >>> 8) & 255))) >>> 0) + word(s, 768 + (left & 255));
      [left, right] = [(right ^ mixed) >>> 0, left];
    }
    words[at] = right ^ word(p, rounds + 1);
    words[at + 1] = left ^ word(p, rounds);
  }
}

const word = (words: Uint32Array, index: number) => words[index] ?? 0;

/** bcrypt looks at no more. */
const maxPasswordBytes = 72;

/**
 * The bcrypt hash of a password.
 *
 * @param salt 16 bytes
 * @param cost binary logarithm of the number of repetitions
 */
export function bcrypt(password: string, salt: Buffer, cost: number): string {
  const key = keyWords(password);
  const saltWords = bigEndianWords(salt);
  const repeated = Uint32Array.from({ length: subkeys }, (_, i) => word(saltWords, i % 4));
  const cipher = new Blowfish();
  cipher.expand(key, saltWords);
  for (let i = 0; i < 2 ** cost; i++) {
    cipher.expand(key);
    cipher.expand(repeated);
  }
  const text = bigEndianWords(Buffer.from('OrpheanBeholderScryDoubt'));
  for (let i = 0; i < 64; i++) for (let at = 0; at < text.length; at += 2) cipher.encrypt(text, at);
  const hash = Buffer.alloc(24);
  text.forEach((value, i) => hash.writeUInt32BE(value, i * 4));
  return `$2a$${String(cost).padStart(2, '0')}$${encode(salt)}${encode(hash.subarray(0, 23))}`;
}

/** The password and the zero that ends it, over and over. */
function keyWords(password: string): Uint32Array {
  const bytes = Buffer.concat([Buffer.from(password).subarray(0, maxPasswordBytes), Buffer.of(0)]);
  return bigEndianWords(Buffer.from(Array.from({ length: subkeys * 4 }, (_, i) => bytes[i % bytes.length] ?? 0)));
}

const bigEndianWords = (bytes: Buffer) =>
  Uint32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32BE(i * 4));

const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const ownAlphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const encode = (bytes: Buffer) =>
  bytes
    .toString('base64')
    .replace(/=+$/, '')
    .replace(/./g, (letter) => ownAlphabet.charAt(standard.indexOf(letter)));
