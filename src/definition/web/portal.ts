/** The portal in a cluster: two replicas that share nothing but the key of the sessions, behind an ingress that ends TLS. */
import { ApiObject, Duration, Size } from 'cdk8s';
import {
  Capability,
  Cpu,
  Deployment,
  type IServiceAccount,
  Ingress,
  IngressBackend,
  LabelSelector,
  Probe,
  SeccompProfileType,
  Secret,
  Service,
  ServiceAccount,
  Volume,
} from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { PortalAccess } from './portal-access.js';

const NAME = 'payments-dr-portal';
const NAMESPACE = 'payments-dr';
const LABELS = { 'app.kubernetes.io/name': NAME };
const PORT = 8080;
/** Any number but 0: the image has no user of its own. */
const USER = 65_532;
const KEY_DIR = '/var/run/payments-dr';
const HOST = 'payments.example.org';
const IMAGE = 'registry.example.org/payments/payments-dr-portal:0.1.0';

export class Portal extends Construct {
  constructor(scope: Construct) {
    super(scope, 'portal');
    const metadata = { name: NAME, namespace: NAMESPACE, labels: LABELS };
    new ApiObject(this, 'namespace', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: NAMESPACE,
        labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
      },
    });
    new ServiceAccount(this, 'account', { metadata, automountToken: false });
    const account = ServiceAccount.fromServiceAccountName(this, 'account-name', NAME, {
      namespaceName: NAMESPACE,
    });
    new PortalAccess(this, account);
    const deployment = this.#deploy(metadata, account);
    const service = new Service(this, 'service', {
      metadata,
      selector: deployment,
      ports: [{ name: 'http', port: 80, targetPort: PORT }],
    });
    this.#publish(metadata, service);
    this.#keepUp(metadata);
    this.#fence(metadata);
  }

  #deploy(metadata: Metadata, serviceAccount: IServiceAccount): Deployment {
    const key = Secret.fromSecretName(this, 'key', `${NAME}-session`);
    const deployment = new Deployment(this, 'deployment', {
      metadata,
      podMetadata: { labels: LABELS },
      replicas: 2,
      select: false,
      serviceAccount,
      automountServiceAccountToken: true,
      securityContext: { ensureNonRoot: true, user: USER, group: USER, fsGroup: USER },
      containers: [
        {
          name: 'portal',
          image: IMAGE,
          args: [
            ...['portal', '--host', '0.0.0.0', '--port', String(PORT)],
            ...['--session-key-file', `${KEY_DIR}/key`],
          ],
          portNumber: PORT,
          securityContext: {
            ensureNonRoot: true,
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: [Capability.ALL] },
            seccompProfile: { type: SeccompProfileType.RUNTIME_DEFAULT },
            user: USER,
            group: USER,
          },
          resources: {
            cpu: { request: Cpu.millis(50), limit: Cpu.units(1) },
            memory: { request: Size.mebibytes(96), limit: Size.mebibytes(256) },
          },
          startup: Probe.fromHttpGet('/healthz', {
            failureThreshold: 30,
            periodSeconds: Duration.seconds(1),
          }),
          readiness: Probe.fromHttpGet('/healthz', { periodSeconds: Duration.seconds(5) }),
          liveness: Probe.fromHttpGet('/healthz', { periodSeconds: Duration.seconds(10) }),
          volumeMounts: [
            { path: KEY_DIR, volume: Volume.fromSecret(this, 'key-volume', key), readOnly: true },
          ],
        },
      ],
    });
    deployment.select(LabelSelector.of({ labels: LABELS }));
    return deployment;
  }

  #publish(metadata: Metadata, service: Service): void {
    new Ingress(this, 'ingress', {
      metadata,
      rules: [{ host: HOST, path: '/', backend: IngressBackend.fromService(service) }],
      tls: [{ hosts: [HOST], secret: Secret.fromSecretName(this, 'tls', `${NAME}-tls`) }],
    });
  }

  /** A drained node takes one replica at a time. */
  #keepUp(metadata: Metadata): void {
    new ApiObject(this, 'disruption', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { minAvailable: 1, selector: { matchLabels: LABELS } },
    });
  }

  /** In: what reaches its port. Out: names, the API server, AWS; the last two have no address that can be known here. */
  #fence(metadata: Metadata): void {
    new ApiObject(this, 'network', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: {
        podSelector: { matchLabels: LABELS },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ ports: [{ protocol: 'TCP', port: PORT }] }],
        egress: [
          {
            ports: [
              { protocol: 'UDP', port: 53 },
              { protocol: 'TCP', port: 53 },
            ],
          },
          {
            ports: [
              { protocol: 'TCP', port: 443 },
              { protocol: 'TCP', port: 6443 },
            ],
          },
        ],
      },
    });
  }
}

interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
}
