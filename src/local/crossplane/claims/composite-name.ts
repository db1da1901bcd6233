/** The name of a claim's composite resource: the claim's, cut where needed, and five characters of chance. */

/** Kubernetes' own alphabet for generated names: no vowels, so no words. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
const MAX_LENGTH = 63;

export function compositeName(claimName: string, chance: () => number): string {
  const base = claimName.slice(0, MAX_LENGTH - SUFFIX_LENGTH - 1);
  const suffix = Array.from({ length: SUFFIX_LENGTH }, () =>
    ALPHABET.charAt(Math.floor(chance() * ALPHABET.length)),
  );
  return `${base}-${suffix.join('')}`;
}
