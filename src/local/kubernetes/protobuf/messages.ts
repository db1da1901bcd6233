/**
 * Messages: the numbers and types under which clients written in Go send the built-in kinds (k8s.io/api, generated.proto).
 *
 * A field is `number name type`; `[T]` is a list, `{T}` a map by text. `int`, `bool` and `string` are left out where they
 * are zero, since Go sends them then too; `int?`, `bool?` and `string?`, which Go holds by pointer, are kept.
 */
export interface FieldType {
  readonly form: 'one' | 'list' | 'map';
  readonly type: string;
}

export interface Field {
  readonly name: string;
  readonly type: FieldType;
}

export type Message = ReadonlyMap<number, Field>;

const REFERENCE =
  '1 kind string, 2 namespace string, 3 name string, 4 uid string, 5 apiVersion string, 6 resourceVersion string, 7 fieldPath string';

const SHAPES: Readonly<Record<string, string>> = {
  ObjectMeta:
    '1 name string, 2 generateName string, 3 namespace string, 4 selfLink string, 5 uid string, 6 resourceVersion string, ' +
    '7 generation int, 8 creationTimestamp time, 9 deletionTimestamp time, 10 deletionGracePeriodSeconds int?, ' +
    '11 labels {string}, 12 annotations {string}, 13 ownerReferences [OwnerReference], 14 finalizers [string], ' +
    '17 managedFields [ManagedFieldsEntry]',
  OwnerReference:
    '1 kind string, 3 name string, 4 uid string, 5 apiVersion string, 6 controller bool?, 7 blockOwnerDeletion bool?',
  ManagedFieldsEntry:
    '1 manager string, 2 operation string, 3 apiVersion string, 4 time time, 6 fieldsType string, 7 fieldsV1 FieldsV1, 8 subresource string',
  LabelSelector: '1 matchLabels {string}, 2 matchExpressions [LabelSelectorRequirement]',
  LabelSelectorRequirement: '1 key string, 2 operator string, 3 values [string]',
  DeleteOptions:
    '1 gracePeriodSeconds int?, 2 preconditions Preconditions, 3 orphanDependents bool?, 4 propagationPolicy string, 5 dryRun [string]',
  Preconditions: '1 uid string, 2 resourceVersion string',
  'v1 ConfigMap': '1 metadata ObjectMeta, 2 data {string}, 3 binaryData {bytes}, 4 immutable bool?',
  'v1 Secret':
    '1 metadata ObjectMeta, 2 data {bytes}, 3 type string, 4 stringData {string}, 5 immutable bool?',
  'v1 Namespace': '1 metadata ObjectMeta, 2 spec NamespaceSpec, 3 status NamespaceStatus',
  NamespaceSpec: '1 finalizers [string]',
  NamespaceStatus: '1 phase string',
  'v1 ServiceAccount':
    '1 metadata ObjectMeta, 2 secrets [ObjectReference], 3 imagePullSecrets [LocalObjectReference], 4 automountServiceAccountToken bool?',
  LocalObjectReference: '1 name string',
  ObjectReference: REFERENCE,
  'v1 Event':
    '1 metadata ObjectMeta, 2 involvedObject ObjectReference, 3 reason string, 4 message string, 5 source EventSource, ' +
    '6 firstTimestamp time, 7 lastTimestamp time, 8 count int, 9 type string, 10 eventTime microTime, 11 series EventSeries, ' +
    '12 action string, 13 related ObjectReference, 14 reportingComponent string, 15 reportingInstance string',
  EventSource: '1 component string, 2 host string',
  EventSeries: '1 count int, 2 lastObservedTime microTime',
  'events.k8s.io/v1 Event':
    '1 metadata ObjectMeta, 2 eventTime microTime, 3 series EventSeries, 4 reportingController string, ' +
    '5 reportingInstance string, 6 action string, 7 reason string, 8 regarding ObjectReference, 9 related ObjectReference, ' +
    '10 note string, 11 type string, 12 deprecatedSource EventSource, 13 deprecatedFirstTimestamp time, ' +
    '14 deprecatedLastTimestamp time, 15 deprecatedCount int',
  'v1 Service': '1 metadata ObjectMeta, 2 spec ServiceSpec, 3 status ServiceStatus',
  ServiceStatus: '1 loadBalancer Nothing',
  ServiceSpec:
    '1 ports [ServicePort], 2 selector {string}, 3 clusterIP string, 18 clusterIPs [string], 4 type string, ' +
    '5 externalIPs [string], 7 sessionAffinity string, 8 loadBalancerIP string, 10 externalName string, ' +
    '11 externalTrafficPolicy string, 12 healthCheckNodePort int, 13 publishNotReadyAddresses bool, 17 ipFamilyPolicy string, ' +
    '19 ipFamilies [string], 20 allocateLoadBalancerNodePorts bool?, 21 loadBalancerClass string, 22 internalTrafficPolicy string',
  ServicePort:
    '1 name string, 2 protocol string, 3 port int, 4 targetPort IntOrString, 5 nodePort int, 6 appProtocol string',
  Nothing: '',
  'coordination.k8s.io/v1 Lease': '1 metadata ObjectMeta, 2 spec LeaseSpec',
  LeaseSpec:
    '1 holderIdentity string?, 2 leaseDurationSeconds int?, 3 acquireTime microTime, 4 renewTime microTime, ' +
    '5 leaseTransitions int?, 6 strategy string?, 7 preferredHolder string?',
  'rbac.authorization.k8s.io/v1 Role': '1 metadata ObjectMeta, 2 rules [PolicyRule]',
  'rbac.authorization.k8s.io/v1 ClusterRole':
    '1 metadata ObjectMeta, 2 rules [PolicyRule], 3 aggregationRule AggregationRule',
  AggregationRule: '1 clusterRoleSelectors [LabelSelector]',
  PolicyRule:
    '1 verbs [string], 2 apiGroups [string], 3 resources [string], 4 resourceNames [string], 5 nonResourceURLs [string]',
  'rbac.authorization.k8s.io/v1 RoleBinding':
    '1 metadata ObjectMeta, 2 subjects [Subject], 3 roleRef RoleRef',
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding':
    '1 metadata ObjectMeta, 2 subjects [Subject], 3 roleRef RoleRef',
  Subject: '1 kind string, 2 apiGroup string, 3 name string, 4 namespace string',
  RoleRef: '1 apiGroup string, 2 kind string, 3 name string',
  'apps/v1 Deployment': '1 metadata ObjectMeta, 2 spec DeploymentSpec, 3 status DeploymentStatus',
  DeploymentStatus:
    '1 observedGeneration int, 2 replicas int, 3 updatedReplicas int, 4 availableReplicas int, 5 unavailableReplicas int, 7 readyReplicas int',
  DeploymentSpec:
    '1 replicas int?, 2 selector LabelSelector, 3 template PodTemplateSpec, 4 strategy DeploymentStrategy, ' +
    '5 minReadySeconds int, 6 revisionHistoryLimit int?, 7 paused bool, 9 progressDeadlineSeconds int?',
  DeploymentStrategy: '1 type string, 2 rollingUpdate RollingUpdate',
  RollingUpdate: '1 maxUnavailable IntOrString, 2 maxSurge IntOrString',
  PodTemplateSpec: '1 metadata ObjectMeta, 2 spec PodSpec',
  PodSpec:
    '2 containers [Container], 3 restartPolicy string, 4 terminationGracePeriodSeconds int?, 6 dnsPolicy string, ' +
    '7 nodeSelector {string}, 8 serviceAccountName string, 9 serviceAccount string, 10 nodeName string, ' +
    '11 hostNetwork bool, 12 hostPID bool, 13 hostIPC bool, 14 securityContext Nothing, 16 hostname string, ' +
    '17 subdomain string, 19 schedulerName string, 20 initContainers [Container], 21 automountServiceAccountToken bool?, ' +
    '24 priorityClassName string',
  Container:
    '1 name string, 2 image string, 3 command [string], 4 args [string], 5 workingDir string, 6 ports [ContainerPort], ' +
    '7 env [EnvVar], 8 resources ResourceRequirements, 9 volumeMounts [VolumeMount], 13 terminationMessagePath string, ' +
    '14 imagePullPolicy string, 16 stdin bool, 17 stdinOnce bool, 18 tty bool, 20 terminationMessagePolicy string',
  ResourceRequirements: '1 limits {Quantity}, 2 requests {Quantity}',
  ContainerPort:
    '1 name string, 2 hostPort int, 3 containerPort int, 4 protocol string, 5 hostIP string',
  EnvVar: '1 name string, 2 value string',
  VolumeMount: '1 name string, 2 readOnly bool, 3 mountPath string, 4 subPath string',
  'authorization.k8s.io/v1 SelfSubjectAccessReview':
    '1 metadata ObjectMeta, 2 spec AccessReviewSpec, 3 status AccessReviewStatus',
  'authorization.k8s.io/v1 SubjectAccessReview':
    '1 metadata ObjectMeta, 2 spec AccessReviewSpec, 3 status AccessReviewStatus',
  AccessReviewSpec:
    '1 resourceAttributes ResourceAttributes, 2 nonResourceAttributes NonResourceAttributes, 3 user string, 4 groups [string], 6 uid string',
  ResourceAttributes:
    '1 namespace string, 2 verb string, 3 group string, 4 version string, 5 resource string, 6 subresource string, 7 name string',
  NonResourceAttributes: '1 path string, 2 verb string',
  'authorization.k8s.io/v1 SelfSubjectRulesReview':
    '1 metadata ObjectMeta, 2 spec NamespaceOfReview, 3 status ReviewStatus',
  NamespaceOfReview: '1 namespace string',
  ReviewStatus: '3 incomplete bool, 4 evaluationError string',
  AccessReviewStatus: '1 allowed bool, 2 reason string, 3 evaluationError string, 4 denied bool',
  'authentication.k8s.io/v1 SelfSubjectReview': '1 metadata ObjectMeta, 2 status UserReviewStatus',
  UserReviewStatus: '1 userInfo UserInfo',
  UserInfo: '1 username string, 2 uid string, 3 groups [string]',
  'authentication.k8s.io/v1 TokenRequest':
    '1 metadata ObjectMeta, 2 spec TokenRequestSpec, 3 status TokenRequestStatus',
  TokenRequestSpec:
    '1 audiences [string], 3 boundObjectRef BoundObjectReference, 4 expirationSeconds int?',
  BoundObjectReference: '1 kind string, 2 apiVersion string, 3 name string, 4 uid string',
  TokenRequestStatus: '1 token string, 2 expirationTimestamp time',
};

/** How a body of the kind is read; undefined where only JSON and YAML are taken. */
export function messageOfKind(apiVersion: string, kind: string): Message | undefined {
  return messageNamed(kind === 'DeleteOptions' ? kind : `${apiVersion} ${kind}`);
}

export function messageNamed(name: string): Message | undefined {
  const shape = SHAPES[name];
  return shape === undefined ? undefined : parseShape(shape);
}

function parseShape(shape: string): Message {
  const fields = shape.split(', ').filter((field) => field !== '');
  return new Map(
    fields.map((field) => {
      const [number = '', name = '', type = ''] = field.split(' ');
      return [Number(number), { name, type: parseType(type) }];
    }),
  );
}

function parseType(type: string): FieldType {
  if (type.startsWith('[')) return { form: 'list', type: type.slice(1, -1) };
  if (type.startsWith('{')) return { form: 'map', type: type.slice(1, -1) };
  return { form: 'one', type };
}
