/** Everything that one Composition composes: the input of function-patch-and-transform. */
import type { Construct } from 'constructs';
import type { Form } from '../../model/managed/kind.js';
import type { RenderedTemplate } from './rendered-template.js';
import { ScopeOfForm } from './scope-of-form.js';
import { findDanglingSelectors } from './selectors.js';
import { Template } from './template.js';

export class Resources extends ScopeOfForm {
  constructor(scope: Construct, id: string, form: Form) {
    super(scope, id, form);
    this.node.addValidation({
      validate: () => [...this.#repeatedNames(), ...findDanglingSelectors(this.templates)],
    });
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
