import { packageRule, type Rule } from '../../policies/packaging';

/** The code of a rule, as the network downloads it. */
export interface Archive {
  /** Names the content, not only the version: what was onboarded once never finds other code at its address. */
  fileName: string;
  content: Buffer;
  /** Checksum, as hexadecimal digits. */
  sha256: string;
}

/** Packs a rule's code. */
export function archiveOf(rule: Rule): Archive {
  const { fileName, content, sha256 } = packageRule(rule);
  return { fileName: fileName.replace(/\.tar\.gz$/, `-${sha256.slice(0, 12)}$&`), content, sha256 };
}
