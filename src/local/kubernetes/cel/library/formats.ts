/** Named formats: `format.dns1123Label().validate(text)`, and the same by `format.named('dns1123Label')`. */
import {
  faultOfLabelValue,
  faultOfQualifiedName,
  LABEL_WORDS,
  LABEL,
  SUBDOMAIN,
  SUBDOMAIN_WORDS,
} from '../../resources/names.js';
import { hasFormat } from '../../schema/formats.js';
import type { Library } from '../language/overload.js';
import { OptionalValue, type ForeignValue } from '../language/value.js';
import { urlFault } from './urls.js';

const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_1035_WORDS =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

class Format implements ForeignValue {
  readonly foreignType = 'kubernetes.NamedFormat';

  constructor(
    readonly name: string,
    /** How long the expression is that it is held against, where costs are reckoned. */
    readonly patternSize: number,
    readonly faults: (text: string) => string[],
  ) {}

  equals(other: Format): boolean {
    return this.name === other.name;
  }
}

const shape =
  (most: number, pattern: RegExp, words: string) =>
  (text: string): string[] => [
    ...(text.length > most ? [`must be no more than ${most} characters`] : []),
    ...(pattern.test(text) ? [] : [words]),
  ];
/** A prefix may end in a dash, since more follows. */
const prefix = (faults: (text: string) => string[]) => (text: string) =>
  faults(text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text);
const one = (fault: (text: string) => string | undefined) => (text: string) => {
  const found = fault(text);
  return found === undefined ? [] : [found];
};
const known = (format: string, words: string) => (text: string) =>
  hasFormat(text, format) ? [] : [words];

const label = shape(63, LABEL, LABEL_WORDS);
const subdomain = shape(253, SUBDOMAIN, SUBDOMAIN_WORDS);
const label1035 = shape(63, LABEL_1035, LABEL_1035_WORDS);

const FORMATS: Readonly<Record<string, Format>> = {
  dns1123Label: new Format('DNS1123Label', 30, label),
  dns1123Subdomain: new Format('DNS1123Subdomain', 60, subdomain),
  dns1035Label: new Format('DNS1035Label', 30, label1035),
  qualifiedName: new Format('QualifiedName', 60, one(faultOfQualifiedName)),
  dns1123LabelPrefix: new Format('DNS1123LabelPrefix', 30, prefix(label)),
  dns1123SubdomainPrefix: new Format('DNS1123SubdomainPrefix', 60, prefix(subdomain)),
  dns1035LabelPrefix: new Format('DNS1035LabelPrefix', 30, prefix(label1035)),
  labelValue: new Format('LabelValue', 40, one(faultOfLabelValue)),
  uri: new Format('URI', 1103, (text) => {
    const fault = urlFault(text);
    return fault === undefined ? [] : [`parse ${JSON.stringify(text)}: ${fault}`];
  }),
  uuid: new Format('uuid', 72, known('uuid', 'does not match the UUID format')),
  byte: new Format('byte', 84, known('byte', 'invalid base64')),
  date: new Format('date', 70, known('date', 'invalid date')),
  datetime: new Format('datetime', 70, known('datetime', 'invalid datetime')),
};

export function addFormats(library: Library): void {
  for (const [name, format] of Object.entries(FORMATS))
    library.add(`format.${name}(): Format`, () => format);
  library
    .add('format.named(string): optional<Format>', (name: string) =>
      Object.hasOwn(FORMATS, name) ? new OptionalValue(FORMATS[name]) : new OptionalValue(),
    )
    .add('Format.validate(string): optional<list<string>>', (format: Format, text: string) => {
      const faults = format.faults(text);
      return faults.length === 0 ? new OptionalValue() : new OptionalValue(faults);
    });
}
