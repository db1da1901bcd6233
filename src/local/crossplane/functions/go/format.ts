/**
 * Go's `fmt.Sprintf` for the values that JSON can hold.
 *
 * Every verb and flag, argument indexes, `*`, and the marks that Go leaves in the text where format and arguments do not
 * match, such as `%!s(MISSING)`: compositions in the wild rely on all of it, the marks included.
 */
import { type Flags, noFlags, print } from './print.js';
import { type GoValue, goType } from './value.js';

/** Go reads no further digit of a width or precision once it is beyond this. */
const MAX_NUMBER = 1_000_000;

export function sprintf(format: string, ...args: readonly GoValue[]): string {
  return new Formatter(format, args).text();
}

/** Goes through the format once, from directive to directive. */
class Formatter {
  readonly #runes: readonly string[];
  #at = 0;
  #argument = 0;
  #isReordered = false;
  /** Of the directive being read: whether its argument indexes make sense, and whether one was read just now. */
  #isGoodIndex = true;
  #isAfterIndex = false;
  #out = '';

  constructor(
    format: string,
    private readonly args: readonly GoValue[],
  ) {
    this.#runes = Array.from(format);
  }

  text(): string {
    while (this.#at < this.#runes.length) {
      const percent = this.#runes.indexOf('%', this.#at);
      const end = percent < 0 ? this.#runes.length : percent;
      this.#out += this.#runes.slice(this.#at, end).join('');
      this.#at = end + 1;
      if (percent >= 0) this.#directive();
    }
    return this.#out + this.#extraArguments();
  }

  #directive(): void {
    const flags = this.#flags();
    this.#index();
    this.#width(flags);
    this.#precision(flags);
    if (!this.#isAfterIndex) this.#index();

    const verb = this.#runes[this.#at];
    this.#at += 1;
    if (verb === undefined) this.#out += '%!(NOVERB)';
    else if (verb === '%') this.#out += '%';
    else if (!this.#isGoodIndex) this.#out += `%!${verb}(BADINDEX)`;
    else if (this.#argument >= this.args.length) this.#out += `%!${verb}(MISSING)`;
    else this.#print(verb, flags);
  }

  #print(verb: string, flags: Flags): void {
    if (verb === 'v') {
      flags.sharpV = flags.sharp;
      flags.sharp = false;
      flags.plus = false;
    }
    this.#out += print(this.args[this.#argument] ?? null, verb, flags);
    this.#argument += 1;
  }

  #flags(): Flags {
    this.#isGoodIndex = true;
    const flags = noFlags();
    for (; ; this.#at += 1) {
      const char = this.#runes[this.#at];
      if (char === '#') flags.sharp = true;
      else if (char === '0') flags.zero = true;
      else if (char === '+') flags.plus = true;
      else if (char === '-') flags.minus = true;
      else if (char === ' ') flags.space = true;
      else return flags;
    }
  }

  /** `[2]`: the next argument is the second. */
  #index(): void {
    this.#isAfterIndex = false;
    if (this.#runes[this.#at] !== '[') return;
    this.#isReordered = true;
    const end = this.#runes.indexOf(']', this.#at);
    const inside = end < 0 ? '' : this.#runes.slice(this.#at + 1, end).join('');
    this.#at = end < 0 ? this.#at + 1 : end + 1;
    const number = parseNumber(inside);
    this.#isAfterIndex = number !== undefined;
    if (number !== undefined && number >= 1 && number <= this.args.length)
      this.#argument = number - 1;
    else this.#isGoodIndex = false;
  }

  #width(flags: Flags): void {
    if (this.#runes[this.#at] !== '*') {
      flags.width = this.#number();
      if (this.#isAfterIndex && flags.width !== undefined) this.#isGoodIndex = false;
      return;
    }
    const width = this.#star();
    if (width === undefined) this.#out += '%!(BADWIDTH)';
    else flags.width = Math.abs(width);
    if (width !== undefined && width < 0) flags.minus = true;
  }

  #precision(flags: Flags): void {
    if (this.#runes[this.#at] !== '.') return;
    this.#at += 1;
    if (this.#isAfterIndex) this.#isGoodIndex = false;
    this.#index();
    if (this.#runes[this.#at] !== '*') {
      flags.precision = this.#number() ?? 0;
      return;
    }
    const precision = this.#star();
    if (precision === undefined || precision < 0) this.#out += '%!(BADPREC)';
    else flags.precision = precision;
  }

  /** A number that is too large takes the rest of the format with it. */
  #number(): number | undefined {
    const start = this.#at;
    while (/^[0-9]$/.test(this.#runes[this.#at] ?? '')) this.#at += 1;
    const digits = this.#runes.slice(start, this.#at).join('');
    const number = parseNumber(digits);
    if (number === undefined && digits !== '') this.#at = this.#runes.length;
    return number;
  }

  /** `*`: the number is the next argument, which must be an integer. */
  #star(): number | undefined {
    this.#at += 1;
    this.#isAfterIndex = false;
    const given = this.args[this.#argument];
    if (this.#argument < this.args.length) this.#argument += 1;
    const isUsable = typeof given === 'bigint' && given <= MAX_NUMBER && given >= -MAX_NUMBER;
    return isUsable ? Number(given) : undefined;
  }

  #extraArguments(): string {
    if (this.#isReordered || this.#argument >= this.args.length) return '';
    const extra = this.args
      .slice(this.#argument)
      .map((value) =>
        value === null ? '<nil>' : `${goType(value)}=${print(value, 'v', noFlags())}`,
      );
    return `%!(EXTRA ${extra.join(', ')})`;
  }
}

function parseNumber(digits: string): number | undefined {
  if (!/^[0-9]+$/.test(digits)) return undefined;
  const isTooLarge = Number(digits.slice(0, -1)) > MAX_NUMBER;
  return isTooLarge ? undefined : Number(digits);
}
