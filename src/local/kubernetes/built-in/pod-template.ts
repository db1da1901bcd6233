/** Defaults of a pod template, as Kubernetes fills them in: clients compare what they sent with what came of it. */
import { isJsonObject, type JsonObject } from '../json/json.js';

const POD_DEFAULTS = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
};
const PROBE_DEFAULTS = {
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
};
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
/** Sources of volumes whose files have a mode. */
const WITH_MODE = ['configMap', 'secret', 'downwardAPI', 'projected'];
const DEFAULT_MODE = 0o644;

export function withPodDefaults(template: unknown): unknown {
  if (!isJsonObject(template) || !isJsonObject(template.spec)) return template;
  const { spec } = template;
  const changed: JsonObject = { ...POD_DEFAULTS, ...spec };
  for (const key of ['containers', 'initContainers'])
    if (key in spec) changed[key] = mapObjects(spec[key], withContainerDefaults);
  if ('volumes' in spec) changed.volumes = mapObjects(spec.volumes, withVolumeDefaults);
  const { serviceAccountName } = spec;
  if (serviceAccountName !== undefined) changed.serviceAccount ??= serviceAccountName;
  return { ...template, spec: changed };
}

function withContainerDefaults(container: JsonObject): JsonObject {
  const changed: JsonObject = {
    imagePullPolicy: isLatest(container.image) ? 'Always' : 'IfNotPresent',
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...container,
  };
  if ('ports' in container)
    changed.ports = mapObjects(container.ports, (port) => ({ protocol: 'TCP', ...port }));
  if ('env' in container) changed.env = mapObjects(container.env, withFieldVersion);
  for (const key of PROBES)
    if (isJsonObject(container[key])) changed[key] = withProbeDefaults(container[key]);
  return changed;
}

/** An image without a tag is the latest one, unless a digest says which it is. */
function isLatest(image: unknown): boolean {
  const name = typeof image === 'string' ? image : '';
  const [, tag, digest] = /^(?:.*\/)?[^/:@]*(?::([^@]+))?(@.*)?$/.exec(name) ?? [];
  return tag === undefined ? digest === undefined : tag === 'latest';
}

function withFieldVersion(variable: JsonObject): JsonObject {
  const { valueFrom } = variable;
  if (!isJsonObject(valueFrom) || !isJsonObject(valueFrom.fieldRef)) return variable;
  const fieldRef = { apiVersion: 'v1', ...valueFrom.fieldRef };
  return { ...variable, valueFrom: { ...valueFrom, fieldRef } };
}

function withProbeDefaults(probe: JsonObject): JsonObject {
  const { httpGet } = probe;
  const get = isJsonObject(httpGet) ? { httpGet: { path: '/', scheme: 'HTTP', ...httpGet } } : {};
  return { ...PROBE_DEFAULTS, ...probe, ...get };
}

function withVolumeDefaults(volume: JsonObject): JsonObject {
  const sources = WITH_MODE.filter((source) => isJsonObject(volume[source]));
  const moded = sources.map((source): [string, JsonObject] => [
    source,
    { defaultMode: DEFAULT_MODE, ...(volume[source] as JsonObject) },
  ]);
  const isNowhere = Object.keys(volume).every((key) => key === 'name');
  return { ...volume, ...Object.fromEntries(moded), ...(isNowhere ? { emptyDir: {} } : {}) };
}

function mapObjects(list: unknown, change: (one: JsonObject) => JsonObject): unknown {
  const items: readonly unknown[] | undefined = Array.isArray(list) ? list : undefined;
  return items?.map((one) => (isJsonObject(one) ? change(one) : one)) ?? list;
}
