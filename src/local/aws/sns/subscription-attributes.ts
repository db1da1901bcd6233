/** The attributes of a subscription: how they are read, where Subscribe and SetSubscriptionAttributes take them. */
import { readFilterPolicy, type FilterScope } from './filter/filter-policy.js';
import { invalidParameter } from './operation.js';
import type { DeliveryProtocol, Subscription } from './topics.js';

export type SubscriptionSettings = Pick<
  Subscription,
  'rawMessageDelivery' | 'filterPolicy' | 'filterPolicyScope'
>;

const SCOPES: readonly FilterScope[] = ['MessageAttributes', 'MessageBody'];
const SUPPORTED: readonly string[] = ['RawMessageDelivery', 'FilterPolicy', 'FilterPolicyScope'];

/** `prefix` stands before what is wrong, for Subscribe says that it is in `Attributes`. Throws `AwsError` InvalidParameter. */
export function readSettings(
  attributes: Readonly<Record<string, string>>,
  protocol: DeliveryProtocol,
  prefix: '' | 'Attributes Reason: ',
): SubscriptionSettings {
  const refuse = (why: string): never => {
    throw invalidParameter(prefix + why);
  };
  const unknown = Object.keys(attributes).find((name) => !SUPPORTED.includes(name));
  if (unknown !== undefined) refuse(`${unknown} is not supported here`);
  const scope = attributes.FilterPolicyScope ?? 'MessageAttributes';
  const filterPolicyScope = SCOPES.find((known) => known === scope);
  if (filterPolicyScope === undefined) {
    return refuse(
      `FilterPolicyScope: Invalid value [${scope}]. Please use either MessageBody or MessageAttributes`,
    );
  }
  return {
    rawMessageDelivery: readRawDelivery(attributes.RawMessageDelivery, protocol, refuse),
    ...readFilter(attributes.FilterPolicy, filterPolicyScope, refuse),
  };
}

/** An empty policy is none, and takes every message. */
function readFilter(
  text: string | undefined,
  filterPolicyScope: FilterScope,
  refuse: (why: string) => never,
): Pick<Subscription, 'filterPolicy' | 'filterPolicyScope'> {
  if (text === undefined || text === '') return { filterPolicy: undefined, filterPolicyScope };
  readFilterPolicy(text, filterPolicyScope, (why) => refuse(`FilterPolicy: ${why}`));
  const isEmpty = text.replace(/\s/g, '') === '{}';
  return { filterPolicy: isEmpty ? undefined : text, filterPolicyScope };
}

function readRawDelivery(
  value: string | undefined,
  protocol: DeliveryProtocol,
  refuse: (why: string) => never,
): boolean {
  const text = value?.toLowerCase() ?? 'false';
  if (text !== 'true' && text !== 'false') {
    refuse('RawMessageDelivery: must be true or false');
  }
  if (text === 'true' && protocol.startsWith('email')) {
    refuse(
      `RawMessageDelivery: Delivery protocol [${protocol}] does not support raw message delivery.`,
    );
  }
  return text === 'true';
}

/** As they were set, for GetSubscriptionAttributes and for setting one of them anew. */
export function writeSettings({
  rawMessageDelivery,
  filterPolicy,
  filterPolicyScope = 'MessageAttributes',
}: SubscriptionSettings): Record<string, string> {
  return {
    RawMessageDelivery: String(rawMessageDelivery),
    ...(filterPolicy !== undefined && {
      FilterPolicy: filterPolicy,
      FilterPolicyScope: filterPolicyScope,
    }),
  };
}
