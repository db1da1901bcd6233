/**
 * The modules of dynalite 4 that are used here, as they are called: its validation and its item actions, without its server,
 * its tables or its database. `items/transaction.ts` implements the store that the actions work on.
 */
declare module 'dynalite/db/index.js' {
  type Item = Record<string, Record<string, unknown>>;
  interface Schema {
    readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
    readonly AttributeDefinitions: readonly {
      readonly AttributeName: string;
      readonly AttributeType: string;
    }[];
  }
  interface IndexActions {
    readonly puts: readonly {
      readonly index: string;
      readonly key: string;
      readonly item: Item;
    }[];
    readonly deletes: readonly { readonly index: string; readonly key: string }[];
  }
  const db: {
    /** What is wrong with a whole item's key attributes; null or undefined where nothing is. */
    validateItem(item: Item, table: Schema): (Error & { body?: unknown }) | null | undefined;
    /** The same for a key alone. */
    validateKey(key: Item, table: Schema): (Error & { body?: unknown }) | null | undefined;
    createKey(item: Item, table: Schema): string;
    getIndexActions(
      indexes: readonly unknown[],
      existing: Item | undefined,
      item: Item | undefined,
      table: Schema,
    ): IndexActions;
    itemSize(item: Item): number;
    capacityUnits(item: Item | undefined, isRead: boolean, isConsistent: boolean): number;
    checkConditional(
      data: object,
      existing: Item | undefined,
    ): (Error & { body?: unknown }) | null | undefined;
  };
  export default db;
}

declare module 'dynalite/validations/index.js' {
  const validations: {
    checkTypes(data: object, types: object): Record<string, unknown>;
    checkValidations(data: object, types: object, custom: unknown, store: object): void;
  };
  export default validations;
}

declare module 'dynalite/validations/*.js' {
  const validation: {
    readonly types: Readonly<Record<string, unknown>>;
    readonly custom?: unknown;
  };
  export default validation;
}

declare module 'dynalite/actions/*.js' {
  const action: (
    store: object,
    data: object,
    done: (error: unknown, output?: Record<string, unknown>) => void,
  ) => void;
  export default action;
}
