/** Every built-in kind that is stored; CustomResourceDefinition, which is one more, is in `crds/`. */
import type { Resource } from '../resources/resource.js';
import {
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
} from './admission-registration.js';
import { configMaps, secrets } from './configuration.js';
import { namespaces, serviceAccounts, services } from './core.js';
import { events, newEvents } from './events.js';
import { leases } from './leases.js';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from './rbac.js';
import { deployments } from './workloads.js';

export const BUILT_IN_KINDS: readonly Resource[] = [
  configMaps,
  secrets,
  namespaces,
  serviceAccounts,
  services,
  events,
  newEvents,
  leases,
  roles,
  clusterRoles,
  roleBindings,
  clusterRoleBindings,
  deployments,
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
];
