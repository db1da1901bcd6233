/**
 * Compiled policies by their text, so that a decision does not parse the same document at every call.
 */
import { parsePolicy, type Policy, type PolicyKind } from './document.js';

const CAPACITY = 1000;

export class PolicyCache {
  private readonly compiled = new Map<string, Policy>();

  /** Throws `AwsError` where the text is no policy of that kind. */
  get(text: string, kind: PolicyKind): Policy {
    const key = `${kind}:${text}`;
    const known = this.compiled.get(key);
    if (known !== undefined) return known;
    const policy = parsePolicy(text, kind);
    const [oldest] = this.compiled.keys();
    if (this.compiled.size >= CAPACITY && oldest !== undefined) this.compiled.delete(oldest);
    this.compiled.set(key, policy);
    return policy;
  }
}
