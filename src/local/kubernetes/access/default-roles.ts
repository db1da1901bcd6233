/** The ClusterRoles that every cluster has and that mean something here (k8s.io/kubernetes, rbac/bootstrappolicy). */
import type { PolicyRule } from '../built-in/rbac.js';
import { KEY_SET_PATH, OPENID_CONFIGURATION_PATH } from './issuer-discovery.js';

export interface DefaultRole {
  readonly rules?: readonly PolicyRule[];
  /** Takes the rules of the roles that are labelled for it. */
  readonly isAggregated?: boolean;
  /** The role that takes the rules of this one. */
  readonly aggregatesTo?: string;
  /** Who has it. */
  readonly groups?: readonly string[];
}

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const ALL = [...READ, ...WRITE].sort();

const HEALTH_URLS = ['/healthz', '/livez', '/readyz'];
const VERSION_URLS = ['/version', '/version/'];
const API_URLS = ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'];
const ISSUER_URLS = [OPENID_CONFIGURATION_PATH, KEY_SET_PATH].flatMap((path) => [path, `${path}/`]);
const MONITORING_URLS = [
  '/metrics',
  '/metrics/slis',
  ...HEALTH_URLS.flatMap((url) => [url, `${url}/*`]),
];

/** Resources as text, each a plural or a plural with a subresource. */
function rule(verbs: readonly string[], group: string, resources: string): PolicyRule {
  return { verbs, apiGroups: [group], resources: resources.split(' ') };
}

function getting(urls: readonly string[]): PolicyRule {
  return { verbs: ['get'], nonResourceURLs: [...urls].sort() };
}

const VIEWED: readonly (readonly [group: string, resources: string])[] = [
  [
    '',
    'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers ' +
      'replicationcontrollers/scale serviceaccounts services services/status',
  ],
  [
    '',
    'bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status ' +
      'resourcequotas resourcequotas/status',
  ],
  ['', 'namespaces'],
  ['discovery.k8s.io', 'endpointslices'],
  [
    'apps',
    'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets ' +
      'replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status',
  ],
  ['autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'],
  ['batch', 'cronjobs cronjobs/status jobs jobs/status'],
  [
    'extensions',
    'daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status ' +
      'networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale',
  ],
  ['policy', 'poddisruptionbudgets poddisruptionbudgets/status'],
  ['networking.k8s.io', 'ingresses ingresses/status networkpolicies'],
  ['resource.k8s.io', 'resourceclaims resourceclaims/status resourceclaimtemplates'],
];

const EDIT_RULES: readonly PolicyRule[] = [
  rule(READ, '', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy'),
  rule(['impersonate'], '', 'serviceaccounts'),
  rule(WRITE, '', 'pods pods/attach pods/exec pods/portforward pods/proxy'),
  rule(['create'], '', 'pods/eviction'),
  rule(
    WRITE,
    '',
    'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets ' +
      'serviceaccounts services services/proxy',
  ),
  rule(['create'], '', 'serviceaccounts/token'),
  rule(
    WRITE,
    'apps',
    'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets ' +
      'statefulsets/scale',
  ),
  rule(WRITE, 'autoscaling', 'horizontalpodautoscalers'),
  rule(WRITE, 'batch', 'cronjobs jobs'),
  rule(
    WRITE,
    'extensions',
    'daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets ' +
      'replicasets/scale replicationcontrollers/scale',
  ),
  rule(WRITE, 'policy', 'poddisruptionbudgets'),
  rule(WRITE, 'networking.k8s.io', 'ingresses networkpolicies'),
  rule(ALL, 'coordination.k8s.io', 'leases'),
  rule(WRITE, 'resource.k8s.io', 'resourceclaims resourceclaimtemplates'),
];

export const DEFAULT_ROLES: Readonly<Record<string, DefaultRole>> = {
  'cluster-admin': {
    rules: [rule(['*'], '*', '*'), { verbs: ['*'], nonResourceURLs: ['*'] }],
    groups: ['system:masters'],
  },
  'system:discovery': {
    rules: [getting([...API_URLS, ...HEALTH_URLS, ...VERSION_URLS])],
    groups: ['system:authenticated'],
  },
  'system:monitoring': {
    rules: [getting(MONITORING_URLS), rule(['get'], '', 'nodes/metrics')],
    groups: ['system:monitoring'],
  },
  'system:public-info-viewer': {
    rules: [getting([...HEALTH_URLS, ...VERSION_URLS])],
    groups: ['system:authenticated', 'system:unauthenticated'],
  },
  'system:service-account-issuer-discovery': {
    rules: [getting(ISSUER_URLS)],
    groups: ['system:serviceaccounts'],
  },
  'system:basic-user': {
    rules: [
      rule(['create'], 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'),
      rule(['create'], 'authentication.k8s.io', 'selfsubjectreviews'),
    ],
    groups: ['system:authenticated'],
  },
  admin: { isAggregated: true },
  edit: { isAggregated: true, aggregatesTo: 'admin' },
  view: { isAggregated: true, aggregatesTo: 'edit' },
  'system:aggregate-to-admin': {
    rules: [
      rule(['create'], 'authorization.k8s.io', 'localsubjectaccessreviews'),
      rule(ALL, 'rbac.authorization.k8s.io', 'rolebindings roles'),
    ],
    aggregatesTo: 'admin',
  },
  'system:aggregate-to-edit': { rules: EDIT_RULES, aggregatesTo: 'edit' },
  'system:aggregate-to-view': {
    rules: VIEWED.map(([group, resources]) => rule(READ, group, resources)),
    aggregatesTo: 'view',
  },
};
