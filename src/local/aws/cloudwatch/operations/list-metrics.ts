/** ListMetrics. */
import type { Input } from '../../protocols/input.js';
import { page, writeDimensions, type CloudWatchOperation } from '../operation.js';

const PAGE_SIZE = 500;
const RECENTLY_MS = 3 * 3600_000;

export const listMetrics: CloudWatchOperation = {
  name: 'ListMetrics',
  parameters: ['Namespace', 'MetricName', 'Dimensions', 'NextToken', 'RecentlyActive'],
  run: (input, call, { metrics }) => {
    call.authorize('cloudwatch:ListMetrics', '*');
    const namespace = input.string('Namespace');
    const name = input.string('MetricName');
    const dimensions = readFilters(input);
    const isRecent = input.choice('RecentlyActive', ['PT3H']) !== undefined;
    const oldest = isRecent ? call.cloud.clock.now() - RECENTLY_MS : 0;
    const found = metrics
      .list(call.region)
      .filter(
        (metric) =>
          (namespace === undefined || metric.namespace === namespace) &&
          (name === undefined || metric.name === name) &&
          metric.lastAtMs >= oldest &&
          dimensions.every(
            ([key, value]) =>
              metric.dimensions[key] !== undefined &&
              (value === undefined || metric.dimensions[key] === value),
          ),
      );
    const { items, NextToken } = page(found, input, PAGE_SIZE);
    return {
      Metrics: items.map((metric) => ({
        Namespace: metric.namespace,
        MetricName: metric.name,
        Dimensions: writeDimensions(metric.dimensions),
      })),
      NextToken,
    };
  },
};

/** A name, and a value where only that one will do. */
function readFilters(input: Input): [string, string | undefined][] {
  return (input.structures('Dimensions') ?? []).map((filter) => [
    filter.requiredString('Name'),
    filter.string('Value'),
  ]);
}
