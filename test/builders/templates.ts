/** How many resources a claim is made of: as many as the Composition has templates. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Composition {
  readonly spec: { readonly pipeline: readonly { readonly input?: Input }[] };
}

interface Input {
  readonly resources: readonly unknown[];
}

const { spec } = parse(
  readFileSync('compositions/xpaymentsdrs.payments.example.org.yaml', 'utf8'),
) as Composition;

export const TEMPLATE_COUNT = spec.pipeline[0]?.input?.resources.length ?? 0;
