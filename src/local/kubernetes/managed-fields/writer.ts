/** The writer of a request, as managed fields know it. */
import type { JsonObject } from '../json/json.js';
import { apiVersionOf, type Resource } from '../resources/resource.js';
import { zeroValueOf } from '../schema/decode.js';
import { keepsUnknownFields, mapKeysOf, type Schema } from '../schema/schema.js';
import type { Writer } from './managers.js';

/** Members that Go holds by pointer: they are not there before they are set. All other structs of built-in kinds are. */
const BY_POINTER = new Set([
  'aggregationRule',
  'conversion',
  'rollingUpdate',
  'securityContext',
  'selector',
]);

export function writerOf(
  resource: Resource,
  manager: string,
  subresource: string,
  now: string,
): Writer {
  return {
    manager,
    apiVersion: apiVersionOf(resource),
    subresource,
    now,
    schema: resource.schema,
    hasStatus: resource.hasStatus,
    isCustom: resource.isCustom,
    zero: resource.isCustom ? {} : zeroOf(resource.schema),
  };
}

function zeroOf({ properties = {} }: Schema): JsonObject {
  const members = Object.entries(properties).flatMap(([key, property]): [string, unknown][] => {
    if (property.isAlwaysShown === true)
      return [[key, mapKeysOf(property) === undefined ? zeroValueOf(property) : []]];
    const isStruct = property.type === 'object' && property.properties !== undefined;
    const isOwnMetadata = key === 'metadata' && property.goType === undefined;
    const isThere = property.isPointer !== true && !BY_POINTER.has(key) && !isOwnMetadata;
    const isKnown = property.goType !== undefined || !keepsUnknownFields(property);
    return isStruct && isThere && isKnown ? [[key, zeroOf(property)]] : [];
  });
  return Object.fromEntries(members);
}
