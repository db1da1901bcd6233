/** TagResource, UntagResource and ListTagsOfResource: tags are each replica's own. */
import type {
  ListTagsOfResourceCommandInput,
  Tag,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from '@aws-sdk/client-dynamodb';
import { tableNameOf, type Call, type DynamoDb, type Need, type Operation } from '../operation.js';
import type { TableRecord } from '../table-record.js';
import { resourceNotFound, validationError } from '../tables.js';

const MAX_TAGS = 50;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;

interface OneResource {
  ResourceArn?: string | undefined;
}

function needsResource(call: Call<OneResource>): Need[] {
  return [{ resource: call.input.ResourceArn ?? '*' }];
}

function taggedTable(db: DynamoDb, { region, input }: Call<OneResource>): TableRecord {
  const arn = input.ResourceArn;
  if (arn?.startsWith('arn:') !== true) {
    throw validationError(`Invalid TableArn: Invalid ResourceArn provided as input ${arn ?? ''}`);
  }
  const table = db.tables.find(arn.split(':')[3] ?? region, tableNameOf(arn));
  if (table?.region !== region) {
    throw resourceNotFound(`Requested resource not found: ResourcArn: ${arn} not found`);
  }
  return table;
}

export const tagResource: Operation<TagResourceCommandInput> = {
  needs: needsResource,
  async perform(db, call) {
    const table = taggedTable(db, call);
    const tags = { ...table.tags, ...checkTags(call.input.Tags ?? []) };
    if (Object.keys(tags).length > MAX_TAGS) throw tooMany();
    await db.tables.change(table, (current) => ({ ...current, tags }));
    return {};
  },
};

export const untagResource: Operation<UntagResourceCommandInput> = {
  needs: needsResource,
  async perform(db, call) {
    const removed = new Set(call.input.TagKeys ?? []);
    await db.tables.change(taggedTable(db, call), (current) => ({
      ...current,
      tags: Object.fromEntries(Object.entries(current.tags).filter(([key]) => !removed.has(key))),
    }));
    return {};
  },
};

export const listTagsOfResource: Operation<ListTagsOfResourceCommandInput> = {
  needs: needsResource,
  perform(db, call) {
    const { tags } = taggedTable(db, call);
    return Promise.resolve({
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    });
  },
};

export function checkTags(tags: readonly Tag[]): Record<string, string> {
  if (tags.length > MAX_TAGS) throw tooMany();
  const checked: Record<string, string> = {};
  for (const { Key = '', Value = '' } of tags) {
    if (Key === '' || Key.length > MAX_KEY_LENGTH || Value.length > MAX_VALUE_LENGTH) {
      throw validationError(
        `One or more parameter values were invalid: The tag ${Key} exceeds the allowed length of a key (${MAX_KEY_LENGTH}) or value (${MAX_VALUE_LENGTH})`,
      );
    }
    if (Key.startsWith('aws:')) {
      throw validationError(
        `One or more parameter values were invalid: The tag ${Key} is reserved: keys cannot start with aws:`,
      );
    }
    if (Key in checked) throw validationError(`Duplicate tag key found: ${Key}`);
    checked[Key] = Value;
  }
  return checked;
}

function tooMany() {
  return validationError('Too Many Tags: the limit is 50 tags per resource');
}
