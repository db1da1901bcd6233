/** The writer of a request, as managed fields know it. */
import type { JsonObject } from '../json/json.js';
import { apiVersionOf, type Resource } from '../resources/resource.js';
import { keepsUnknownFields, type Schema } from '../schema/schema.js';
import type { Writer } from './managers.js';

/** Members that Go holds by pointer: they are not there before they are set. All other structs of built-in kinds are. */
const BY_POINTER = new Set([
  'aggregationRule',
  'conversion',
  'related',
  'rollingUpdate',
  'securityContext',
  'selector',
  'series',
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
    zero: resource.isCustom ? {} : zeroOf(resource.schema),
  };
}

function zeroOf({ properties = {} }: Schema): JsonObject {
  const structs = Object.entries(properties).filter(([key, property]) => {
    const isStruct = property.type === 'object' && property.properties !== undefined;
    return isStruct && !keepsUnknownFields(property) && !BY_POINTER.has(key) && key !== 'metadata';
  });
  return Object.fromEntries(structs.map(([key, property]) => [key, zeroOf(property)]));
}
