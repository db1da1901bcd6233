/** Versions of https://semver.org, as blang/semver reads them. */
import type { Library } from '../language/overload.js';
import { EvaluationError, type ForeignValue } from '../language/value.js';

class Version implements ForeignValue {
  readonly foreignType = 'kubernetes.Semver';

  constructor(
    readonly numbers: readonly [major: bigint, minor: bigint, patch: bigint],
    readonly prerelease: readonly string[],
  ) {}

  equals(other: Version): boolean {
    return this.compareTo(other) === 0;
  }

  compareTo(other: Version): number {
    for (const [index, number] of this.numbers.entries()) {
      const theirs = other.numbers[index] ?? 0n;
      if (number !== theirs) return number < theirs ? -1 : 1;
    }
    const [mine, theirs] = [this.prerelease, other.prerelease];
    // A version without a pre-release comes after all of its pre-releases.
    if (mine.length === 0 || theirs.length === 0) return Math.sign(theirs.length - mine.length);
    for (let index = 0; index < Math.min(mine.length, theirs.length); index += 1) {
      const order = compareParts(mine[index] ?? '', theirs[index] ?? '');
      if (order !== 0) return order;
    }
    return Math.sign(mine.length - theirs.length);
  }
}

function compareParts(a: string, b: string): number {
  const [left, right] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (left && right) return a === b ? 0 : BigInt(a) < BigInt(b) ? -1 : 1;
  if (left !== right) return left ? -1 : 1;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Throws an EvaluationError. */
function parseVersion(text: string): Version {
  const fail = (why: string): never => {
    throw new EvaluationError(why);
  };
  if (text === '') fail('Version string empty');
  const [major = '', minor, ...rest] = text.split('.');
  if (minor === undefined || rest.length === 0) fail('No Major.Minor.Patch elements found');
  const [, patch = '', prerelease, build] =
    /^([^-+]*)(?:-([^+]*))?(?:\+(.*))?$/s.exec(rest.join('.')) ?? [];
  const number = (part: string, name: string) => {
    if (!/^\d+$/.test(part))
      fail(`Invalid character(s) found in ${name} number ${JSON.stringify(part)}`);
    if (part.length > 1 && part.startsWith('0'))
      fail(
        `${name[0]?.toUpperCase() ?? ''}${name.slice(1)} number must not contain leading zeroes ${JSON.stringify(part)}`,
      );
    return BigInt(part);
  };
  const numbers = [
    number(major, 'major'),
    number(minor ?? '', 'minor'),
    number(patch, 'patch'),
  ] as const;
  for (const part of prerelease?.split('.') ?? []) {
    if (part === '') fail('Prerelease is empty');
    if (!/^[0-9A-Za-z-]+$/.test(part))
      fail(`Invalid character(s) found in prerelease ${JSON.stringify(part)}`);
    if (/^0\d+$/.test(part))
      fail(`Numeric PreRelease version must not contain leading zeroes ${JSON.stringify(part)}`);
  }
  for (const part of build?.split('.') ?? []) {
    if (part === '') fail('Build meta data is empty');
    if (!/^[0-9A-Za-z-]+$/.test(part))
      fail(`Invalid character(s) found in build meta data ${JSON.stringify(part)}`);
  }
  return new Version(numbers, prerelease?.split('.') ?? []);
}

/** Without a `v` before it, without zeros before its numbers, and with all three of them. */
function normalized(text: string): string {
  const bare = text.replace(/^v/, '');
  const [major = '', minor, ...rest] = bare.split('.');
  const parts = [major, minor, rest.length === 0 ? undefined : rest.join('.')]
    .filter((part) => part !== undefined)
    .map((part) => {
      const trimmed = part.length > 1 ? part.replace(/^0+/, '') : part;
      return /^\d/.test(trimmed) || part.length <= 1 ? trimmed : `0${trimmed}`;
    });
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? ''))
    throw new EvaluationError('short version cannot contain PreRelease/Build meta data');
  while (parts.length < 3) parts.push('0');
  return parts.join('.');
}

export function addVersions(library: Library): void {
  const parse = (text: string, isNormalized = false) =>
    parseVersion(isNormalized ? normalized(text) : text);
  const isVersion = (text: string, isNormalized = false) => {
    try {
      parse(text, isNormalized);
      return true;
    } catch {
      return false;
    }
  };
  library
    .add('semver(string): Semver', parse)
    .add('semver(string, bool): Semver', parse)
    .add('isSemver(string): bool', isVersion)
    .add('isSemver(string, bool): bool', isVersion)
    .add('Semver.isGreaterThan(Semver): bool', (a: Version, b: Version) => a.compareTo(b) > 0)
    .add('Semver.isLessThan(Semver): bool', (a: Version, b: Version) => a.compareTo(b) < 0)
    .add('Semver.compareTo(Semver): int', (a: Version, b: Version) => BigInt(a.compareTo(b)))
    .add('Semver.major(): int', ({ numbers: [major] }: Version) => major)
    .add('Semver.minor(): int', ({ numbers: [, minor] }: Version) => minor)
    .add('Semver.patch(): int', ({ numbers: [, , patch] }: Version) => patch);
}
