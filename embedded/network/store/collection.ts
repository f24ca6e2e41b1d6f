import { readIfPresent, writePrivate } from '../../shared/files/private-file';
import { UserError } from '../../shared/errors';

/** A document: a JSON object. */
export type Document = Record<string, unknown>;

/**
 * Documents in a JSON file. Writers wait for `flushed`; those that come while a write is under way share the next one.
 * Documents are replaced, never changed in place.
 */
export class Collection {
  private isDirty = false;
  private writing: Promise<void> | undefined;

  private constructor(
    private readonly file: string,
    private documents: readonly Document[],
  ) {}

  /** @throws UserError if the file is damaged */
  static async open(file: string): Promise<Collection> {
    const text = await readIfPresent(file);
    if (text === undefined) return new Collection(file, []);
    try {
      return new Collection(file, JSON.parse(text) as Document[]);
    } catch (error) {
      throw new UserError(`${file} is damaged (${(error as Error).message}): delete it to begin anew.`);
    }
  }

  all(): readonly Document[] {
    return this.documents;
  }

  replaceAll(documents: readonly Document[]): void {
    this.documents = documents;
    this.isDirty = true;
  }

  insert(document: Document): void {
    this.replaceAll([...this.documents, document]);
  }

  /** The first document that has this value, as MongoDB finds it. */
  findFirst(key: string, value: unknown): Document | undefined {
    return this.documents.find((document) => document[key] === value);
  }

  /** @returns false if no document has this value */
  replaceFirst(key: string, value: unknown, replacement: Document): boolean {
    const found = this.findFirst(key, value);
    if (found) this.replaceAll(this.documents.map((document) => (document === found ? replacement : document)));
    return found !== undefined;
  }

  /** @returns false if no document has this value */
  deleteFirst(key: string, value: unknown): boolean {
    const found = this.findFirst(key, value);
    if (found) this.replaceAll(this.documents.filter((document) => document !== found));
    return found !== undefined;
  }

  /** Resolves once everything that was changed before is on disk. */
  async flushed(): Promise<void> {
    while (this.isDirty || this.writing) {
      this.writing ??= this.write();
      await this.writing;
    }
  }

  private async write(): Promise<void> {
    this.isDirty = false;
    try {
      await writePrivate(this.file, `${JSON.stringify(this.documents)}\n`);
    } catch (error) {
      this.isDirty = true;
      throw error;
    } finally {
      this.writing = undefined;
    }
  }
}
