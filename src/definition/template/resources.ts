/** Everything that one Composition composes: the input of function-patch-and-transform. */
import { Construct } from 'constructs';
import type { Form } from '../../model/managed/kind.js';
import type { RenderedTemplate } from './rendered-template.js';
import { findDanglingSelectors } from './selectors.js';
import { Template } from './template.js';

export class Resources extends Construct {
  constructor(
    scope: Construct,
    id: string,
    readonly form: Form,
  ) {
    super(scope, id);
    this.node.addValidation({
      validate: () => [...this.#repeatedNames(), ...findDanglingSelectors(this.templates)],
    });
  }

  static of(construct: Construct): Resources {
    const found = construct.node.scopes.find((scope) => scope instanceof Resources);
    if (found === undefined) throw new Error(`${construct.node.path} is in no Resources`);
    return found;
  }

  get templates(): readonly Template[] {
    return this.node.findAll().filter((construct) => construct instanceof Template);
  }

  render(): { apiVersion: string; kind: string; resources: RenderedTemplate[] } {
    return {
      apiVersion: 'pt.fn.crossplane.io/v1beta1',
      kind: 'Resources',
      resources: this.templates.map((template) => template.render()),
    };
  }

  #repeatedNames(): string[] {
    const names = this.templates.map(({ name }) => name);
    const repeated = names.filter((name, index) => names.indexOf(name) !== index);
    return repeated.map((name) => `two templates are called ${name}`);
  }
}
