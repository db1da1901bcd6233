/** The Filter of a lifecycle or replication rule: a prefix, a tag, or several of them under And. */
import { AwsError } from '../service.js';
import { malformedXml, type XmlElement } from './xml.js';

/** Which objects a rule of lifecycle or replication is about. */
export interface ObjectFilter {
  readonly prefix: string;
  readonly tags: Readonly<Record<string, string>>;
}

export function matches(
  filter: ObjectFilter,
  key: string,
  tags: Readonly<Record<string, string>>,
): boolean {
  return (
    key.startsWith(filter.prefix) &&
    Object.entries(filter.tags).every(([name, value]) => tags[name] === value)
  );
}

export function readFilter(filter: XmlElement | undefined): ObjectFilter {
  if (filter === undefined) return { prefix: '', tags: {} };
  filter.allowOnly('Prefix', 'Tag', 'And');
  const and = filter.child('And');
  if (and !== undefined) and.allowOnly('Prefix', 'Tag');
  const holder = and ?? filter;
  const tags = readTagList(holder.children('Tag'));
  const count = Object.keys(tags).length + (holder.text('Prefix') === undefined ? 0 : 1);
  if (and === undefined && count > 1) throw malformedXml();
  return { prefix: holder.text('Prefix') ?? '', tags };
}

/** In the form with the fewest elements. */
export function writeFilter({ prefix, tags }: ObjectFilter): object {
  const tagList = writeTagList(tags);
  if (tagList.length === 0) return { Prefix: prefix };
  if (tagList.length === 1 && prefix === '') return { Tag: tagList[0] };
  return { And: { ...(prefix !== '' && { Prefix: prefix }), Tag: tagList } };
}

export function readTagList(elements: readonly XmlElement[]): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const element of elements) {
    const key = element.text('Key');
    const value = element.text('Value');
    if (key === undefined || key === '' || value === undefined) throw malformedXml();
    if (Object.hasOwn(tags, key)) {
      throw invalidTag('Cannot provide multiple Tags with the same key', key);
    }
    tags[key] = value;
  }
  return tags;
}

export function invalidTag(message: string, key: string): AwsError {
  return new AwsError('InvalidTag', message, 400, { TagKey: key });
}

export function writeTagList(tags: Readonly<Record<string, string>>): object[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
