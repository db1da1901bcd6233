/** A status as it is filled in bit by bit: any part of it may not be there yet. */
export type DeepPartial<T> = T extends object ? { readonly [K in keyof T]?: DeepPartial<T[K]> } : T;
