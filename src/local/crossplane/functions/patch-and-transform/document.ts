/**
 * A resource or environment that patches read from or write to.
 *
 * The real function writes through Kubernetes' JSON decoder, which wants a kind and makes whole numbers integers: so the
 * first write to a document changes what later patches read from all of it. Our documents keep plain JSON and remember that.
 */
import { NotFound, type Segment, expandWildcards, readField, writeField } from '../field-path.js';
import { marshal } from '../go/json.js';
import { type GoValue, type Json, type JsonMap, toJson, withIntegers } from '../go/value.js';
import { type MergeOptions, merge } from './merge.js';

export class Document {
  #isDecoded = false;

  /** Writing changes `object` itself. */
  constructor(readonly object: JsonMap) {}

  /** Throws `NotFound` where the path leads nowhere. */
  read(path: readonly Segment[]): GoValue {
    const value = readField(this.object, path);
    return this.#isDecoded ? withIntegers(value) : value;
  }

  write(path: readonly Segment[], value: GoValue, options: MergeOptions | undefined): void {
    this.#writeOne(path, value, options);
    this.#decode();
  }

  /** Writes every field that a path with wildcards stands for. Returns whether there is one. */
  writeEach(path: readonly Segment[], value: GoValue, options: MergeOptions | undefined): boolean {
    const paths = expandWildcards(this.object, path);
    if (paths.length === 0) return false;
    for (const each of paths) this.#writeOne(each, value, options);
    this.#decode();
    return true;
  }

  #writeOne(path: readonly Segment[], value: GoValue, options: MergeOptions | undefined): void {
    const patched = toJson(value);
    writeField(
      this.object,
      path,
      options === undefined ? patched : merge(this.#there(path), patched, options),
    );
  }

  #there(path: readonly Segment[]): Json {
    try {
      return readField(this.object, path);
    } catch (error) {
      if (error instanceof NotFound) return null;
      throw error;
    }
  }

  #decode(): void {
    this.#isDecoded = true;
    demandKind(this.object);
  }
}

/** Throws where the decoder would find no kind: there is none, or the version beside it cannot be read. */
export function demandKind(object: JsonMap): void {
  const { apiVersion, kind } = object;
  const isReadable = typeof apiVersion !== 'string' || apiVersion.split('/').length <= 2;
  if (typeof kind === 'string' && kind !== '' && isReadable) return;
  throw new Error(`Object 'Kind' is missing in '${marshal(object)}'`);
}
