/** What every controller of the engine is given: the API, time, chance, and who is told. */
import type { Clock } from '../../support/clock.js';
import type { KubernetesClient } from '../../support/kubernetes/client.js';
import type { Log } from '../../support/log.js';
import type { EventRecorder } from './events.js';

export interface EngineContext {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly events: EventRecorder;
  /** A number in [0, 1), from which the ends of generated names are made. */
  readonly chance: () => number;
}
