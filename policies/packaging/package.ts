import { sha256, tarGz } from './archive';
import type { Rule } from './rule';

/** A rule, ready to be served in the network. */
export interface RulePackage {
  /** `<name>-<version>-<tag>.tar.gz` */
  fileName: string;
  /** The archive: a top-level folder `code`, as the gateway and the executors unpack it. */
  content: Buffer;
  /** Checksum of the archive, as hexadecimal digits. */
  sha256: string;
}

/** Packs a rule's code. Equal code gives equal bytes, whoever packs it and wherever. */
export function packageRule({ name, version, releaseTag, files }: Rule): RulePackage {
  const content = tarGz(files);
  return { fileName: `${name}-${version}-${releaseTag}.tar.gz`, content, sha256: sha256(content) };
}
