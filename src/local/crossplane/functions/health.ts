/**
 * When a built-in Kubernetes resource counts as healthy.
 *
 * Few built-in kinds have a condition Ready, so function-auto-ready judges each by its own fields first; the rules here are
 * those of the release that `deploy/` pins (0.6.0). What no rule calls healthy is ready when its condition Ready is True: so is
 * a running pod that is never restarted. Roles and bindings have neither, so a composite of one waits for ever, as with the real one.
 */
import { type Json, type JsonMap, isMap } from './go/value.js';

type HealthRule = (resource: JsonMap) => boolean;

const exists: HealthRule = () => true;

/** By `apiVersion kind`. */
const RULES: Readonly<Record<string, HealthRule>> = {
  'v1 ConfigMap': exists,
  'v1 Namespace': exists,
  'v1 Secret': exists,
  'v1 ServiceAccount': exists,
  'v1 PersistentVolumeClaim': (claim) => field(claim, 'status', 'phase') === 'Bound',
  'v1 Pod': isPodHealthy,
  'v1 Service': (service) =>
    field(service, 'spec', 'type') !== 'LoadBalancer' || hasIngress(service),
  'networking.k8s.io/v1 Ingress': hasIngress,
  'apps/v1 Deployment': isDeploymentHealthy,
  'apps/v1 StatefulSet': isStatefulSetHealthy,
  'apps/v1 DaemonSet': isDaemonSetHealthy,
  'apps/v1 ReplicaSet': isReplicaSetHealthy,
  'batch/v1 Job': isJobHealthy,
  'batch/v1 CronJob': isCronJobHealthy,
  'autoscaling/v2 HorizontalPodAutoscaler': isAutoscalerHealthy,
};

export function isHealthy(resource: JsonMap): boolean {
  const type = `${text(resource.apiVersion)} ${text(resource.kind)}`;
  const rule = Object.hasOwn(RULES, type) ? RULES[type] : undefined;
  return rule?.(resource) === true || hasCondition(resource, 'Ready');
}

function isPodHealthy(pod: JsonMap): boolean {
  const phase = field(pod, 'status', 'phase');
  if (phase === 'Succeeded') return true;
  const isService = field(pod, 'spec', 'restartPolicy') === 'Always';
  return phase === 'Running' && isService && hasCondition(pod, 'Ready');
}

function isDeploymentHealthy(deployment: JsonMap): boolean {
  const replicas = number(deployment, 'spec', 'replicas') ?? 1;
  return (
    replicas === number(deployment, 'status', 'updatedReplicas') &&
    replicas === number(deployment, 'status', 'availableReplicas') &&
    hasCondition(deployment, 'Available')
  );
}

function isStatefulSetHealthy(set: JsonMap): boolean {
  const replicas = number(set, 'spec', 'replicas') ?? 1;
  const revision = field(set, 'status', 'currentRevision');
  return (
    replicas === number(set, 'status', 'readyReplicas') &&
    replicas === number(set, 'status', 'currentReplicas') &&
    typeof revision === 'string' &&
    revision === field(set, 'status', 'updateRevision')
  );
}

function isDaemonSetHealthy(set: JsonMap): boolean {
  const wanted = number(set, 'status', 'desiredNumberScheduled');
  return (
    wanted !== undefined &&
    wanted === number(set, 'status', 'numberReady') &&
    wanted === number(set, 'status', 'updatedNumberScheduled') &&
    wanted === number(set, 'status', 'numberAvailable')
  );
}

function isReplicaSetHealthy(set: JsonMap): boolean {
  const observed = number(set, 'status', 'observedGeneration') ?? 0;
  const available = number(set, 'status', 'availableReplicas') ?? 0;
  return (
    observed >= (number(set, 'metadata', 'generation') ?? 0) &&
    available >= (number(set, 'spec', 'replicas') ?? 1) &&
    !hasCondition(set, 'ReplicaFailure')
  );
}

function isJobHealthy(job: JsonMap): boolean {
  const ends = ['Failed', 'Suspended', 'Complete'];
  const first = conditions(job).find(
    (condition) => ends.includes(text(condition.type)) && condition.status === 'True',
  );
  return first?.type === 'Complete';
}

function isCronJobHealthy(job: JsonMap): boolean {
  if (field(job, 'spec', 'suspend') === true) return true;
  const scheduled = field(job, 'status', 'lastScheduleTime');
  if (typeof scheduled !== 'string') return false;
  const active = field(job, 'status', 'active');
  if (Array.isArray(active) && active.length > 0) return true;
  const succeeded = field(job, 'status', 'lastSuccessfulTime');
  return typeof succeeded === 'string' && Date.parse(succeeded) >= Date.parse(scheduled);
}

function isAutoscalerHealthy(autoscaler: JsonMap): boolean {
  const failures = [
    'FailedGetScale',
    'FailedUpdateScale',
    'FailedGetResourceMetric',
    'InvalidSelector',
  ];
  const successes = ['ScalingActive', 'ScalingLimited'];
  const first = conditions(autoscaler).find(
    ({ type, status }) => status === 'True' && [...failures, ...successes].includes(text(type)),
  );
  return successes.includes(text(first?.type));
}

function hasIngress(resource: JsonMap): boolean {
  const ingress = field(resource, 'status', 'loadBalancer', 'ingress');
  return Array.isArray(ingress) && ingress.length > 0;
}

const hasCondition = (resource: JsonMap, wanted: string): boolean =>
  conditions(resource).some(({ type, status }) => type === wanted && status === 'True');

function conditions(resource: JsonMap): JsonMap[] {
  const list = field(resource, 'status', 'conditions');
  return Array.isArray(list) ? list.filter(isMap) : [];
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function number(resource: JsonMap, ...path: readonly string[]): number | undefined {
  const value = field(resource, ...path);
  return typeof value === 'number' ? Math.trunc(value) : undefined;
}

function field(resource: JsonMap, ...path: readonly string[]): Json | undefined {
  let it: Json | undefined = resource;
  for (const name of path) it = isMap(it) && Object.hasOwn(it, name) ? it[name] : undefined;
  return it;
}
