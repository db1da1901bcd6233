/** The fields that Crossplane adds to the schemas of claims and composite resources, beside the author's own. */
import { conditions, object, oneOf, text, texts, textMap, type Schema } from '../schemas/schema.js';
import type { DeletePolicy, Scope, UpdatePolicy } from './definition.js';

type Properties = Readonly<Record<string, Schema>>;

const named = object({ name: text }, ['name']);
const labelled = object({ matchLabels: textMap }, ['matchLabels']);
const typedName = { apiVersion: text, kind: text, name: text };

/** What a claim, a legacy and a modern composite resource have in common. */
function selection(updatePolicy?: UpdatePolicy): Properties {
  return {
    compositionRef: named,
    compositionRevisionRef: named,
    compositionRevisionSelector: labelled,
    compositionSelector: labelled,
    compositionUpdatePolicy: oneOf(['Automatic', 'Manual'], updatePolicy),
  };
}

export function claimSpecFields(deletePolicy: DeletePolicy | undefined): Properties {
  return {
    ...selection(),
    compositeDeletePolicy: oneOf(['Background', 'Foreground'], deletePolicy),
    resourceRef: object(typedName, ['apiVersion', 'kind', 'name']),
    writeConnectionSecretToRef: named,
  };
}

export function compositeSpecFields(
  scope: Scope,
  updatePolicy: UpdatePolicy | undefined,
): Properties {
  const shared: Properties = { ...selection(updatePolicy), resourceRefs: resourceRefs(scope) };
  if (scope !== 'LegacyCluster') {
    const description = 'Configures how Crossplane will reconcile this composite resource';
    return { crossplane: { ...object(shared), description } };
  }
  return {
    ...shared,
    claimRef: object({ ...typedName, namespace: text }, [
      'apiVersion',
      'kind',
      'namespace',
      'name',
    ]),
    writeConnectionSecretToRef: object({ name: text, namespace: text }, ['name', 'namespace']),
  };
}

function resourceRefs(scope: Scope): Schema {
  const properties = scope === 'Namespaced' ? typedName : { ...typedName, namespace: text };
  return {
    type: 'array',
    items: object(properties, ['apiVersion', 'kind']),
    'x-kubernetes-list-type': 'atomic',
  };
}

/** Claims have the status of the legacy composite resources that stand behind them. */
export function statusFields(scope: Scope): Properties {
  const described = { ...conditions, description: 'Conditions of the resource.' };
  if (scope !== 'LegacyCluster') return { conditions: described };
  return {
    conditions: described,
    claimConditionTypes: { ...texts, 'x-kubernetes-list-type': 'set' },
    connectionDetails: object({ lastPublishedTime: { ...text, format: 'date-time' } }),
  };
}
