/** XML as S3 reads and writes it. Every value is text; an element that occurs once or often is read with `children`. */
import { XMLParser } from 'fast-xml-parser';
import { AwsError } from '../service.js';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  ignoreDeclaration: true,
  removeNSPrefix: true,
});

export type XmlNode = { readonly [name: string]: XmlNode | readonly XmlNode[] } | string;

/** More than the largest document that S3 has a use for, of ten thousand parts. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The content of a request whose root element is `root`. Throws MalformedXML or MaxMessageLengthExceeded. */
export function readXml(body: Buffer, root: string): XmlElement {
  if (body.length > MAX_BYTES) {
    throw new AwsError('MaxMessageLengthExceeded', 'Your request was too large.');
  }
  let document: Record<string, XmlNode>;
  try {
    // Entities of a document's own making are for nothing good.
    if (body.includes('<!DOCTYPE')) throw malformedXml();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor is a package of its own, for one call
    document = parser.parse(body.toString('utf8'), true) as typeof document;
  } catch {
    throw malformedXml();
  }
  const content = document[root];
  if (content === undefined) throw malformedXml();
  return new XmlElement(content);
}

export function malformedXml(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

/** An element that was read. */
export class XmlElement {
  constructor(private readonly node: XmlNode) {}

  /** The text of a child; undefined where there is none. Throws MalformedXML where the child is not text. */
  text(name: string): string | undefined {
    const child = this.node instanceof Object ? this.node[name] : undefined;
    if (child === undefined || typeof child === 'string') return child;
    throw malformedXml();
  }

  child(name: string): XmlElement | undefined {
    return this.children(name)[0];
  }

  children(name: string): XmlElement[] {
    const child = typeof this.node === 'string' ? undefined : this.node[name];
    if (child === undefined) return [];
    return (Array.isArray(child) ? (child as XmlNode[]) : [child as XmlNode]).map(
      (node) => new XmlElement(node),
    );
  }

  /** The text of each child of that name. */
  texts(name: string): string[] {
    return this.children(name).map(({ node }) => {
      if (typeof node === 'string') return node;
      throw malformedXml();
    });
  }

  /** A whole number that is at least `least`; undefined where the child is absent. Throws MalformedXML. */
  integer(name: string, least: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
    throw malformedXml();
  }

  has(name: string): boolean {
    return this.children(name).length > 0;
  }

  /** Throws MalformedXML where the element has children that are not among these. */
  allowOnly(...names: string[]): void {
    if (typeof this.node === 'string') {
      if (this.node.trim() === '') return;
      throw malformedXml();
    }
    if (Object.keys(this.node).some((name) => !names.includes(name))) throw malformedXml();
  }
}

/** What an element of an answer holds; members whose names begin with `@` are its attributes. */
export type XmlContent =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlContent[]
  | { readonly [name: string]: XmlContent };

/** A document; members that are undefined are left out, arrays repeat their element. */
export function writeXml(root: string, content: object | string): Buffer {
  const members = typeof content === 'string' ? { [TEXT]: content } : content;
  return document(root, { '@xmlns': NAMESPACE, ...members });
}

/** Errors have no namespace. */
export function writeErrorXml(content: object): Buffer {
  return document('Error', content as XmlContent);
}

/** The member of an element with attributes that is its text. */
const TEXT = '';

function document(root: string, content: XmlContent): Buffer {
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${writeElement(root, content)}`);
}

function writeElement(name: string, content: XmlContent): string {
  if (content === undefined) return '';
  if (content instanceof Array) return content.map((one) => writeElement(name, one)).join('');
  if (!(content instanceof Object)) return wrap(name, '', escape(String(content)));
  let attributes = '';
  let children = '';
  for (const [member, value] of Object.entries(content)) {
    if (member === TEXT) children += escape(typeof value === 'string' ? value : '');
    else if (!member.startsWith('@')) children += writeElement(member, value);
    else if (typeof value === 'string') attributes += ` ${member.slice(1)}="${escape(value)}"`;
  }
  return wrap(name, attributes, children);
}

function wrap(name: string, attributes: string, inner: string): string {
  return inner === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${inner}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A reader of XML would make a line feed of it.
  '\r': '&#13;',
};

function escape(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);
}
