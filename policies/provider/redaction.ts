import { type Json, type Value, Secret, isJsonObject, isProperties, parseJson } from './wire/value';

/** Shorter texts are not looked for: they would tear holes into ordinary words. */
const SHORTEST = 4;
const MASK = '[secret]';

/** Keys of a kubeconfig, and of the like, whose values are credentials. */
const CREDENTIAL_KEY = /token|password|-data$|secret/i;

/**
 * Takes secrets out of texts. Every message that leaves the plugin goes through it, as a service may repeat in an error
 * what it was sent.
 */
export class Redaction {
  private readonly texts = new Set<string>();

  /** @param values whose secrets, at any depth, must not be shown */
  constructor(...values: Value[]) {
    for (const value of values) this.collect(value);
  }

  apply(text: string): string {
    let result = text;
    for (const secret of [...this.texts].sort((a, b) => b.length - a.length)) result = result.replaceAll(secret, MASK);
    return result;
  }

  private collect(value: Value): void {
    if (value instanceof Secret) this.collectLeaves(value.value);
    else if (Array.isArray(value)) value.forEach((item) => this.collect(item));
    else if (isProperties(value)) Object.values(value).forEach((item) => this.collect(item));
  }

  private collectLeaves(value: Value): void {
    if (typeof value === 'string') this.addText(value);
    else if (typeof value === 'number') this.add(String(value));
    else if (value instanceof Secret) this.collectLeaves(value.value);
    else if (Array.isArray(value)) value.forEach((item) => this.collectLeaves(item));
    else if (isProperties(value)) Object.values(value).forEach((item) => this.collectLeaves(item));
  }

  /** A kubeconfig is one text, and any part of it could be repeated. */
  private addText(text: string): void {
    this.add(text);
    this.add(JSON.stringify(text).slice(1, -1));
    for (const [, value] of text.matchAll(/^[\s-]*[\w-]*(?:token|password|-data|secret)["']?:\s*["']?([^\s"']+)/gim)) {
      this.add(value ?? '');
    }
    if (text.trimStart().startsWith('{')) this.collectCredentials(parseJson(text));
  }

  private collectCredentials(value: Json | undefined): void {
    if (Array.isArray(value)) value.forEach((item) => this.collectCredentials(item));
    else if (isJsonObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        if (typeof item === 'string' && CREDENTIAL_KEY.test(key)) this.add(item);
        else this.collectCredentials(item);
      }
    }
  }

  private add(text: string): void {
    if (text.length >= SHORTEST) this.texts.add(text);
  }
}
