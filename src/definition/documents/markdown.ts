/** Generated pages for people: Markdown, with a first line that says where it comes from. */
import { generatedFrom, type WrittenFile } from '../generated-file.js';

export interface PageProps {
  readonly path: string;
  /** The module that says what is in it, from the root of the repository. */
  readonly source: string;
  readonly content: string;
}

export function page({ path, source, content }: PageProps): WrittenFile {
  const text = `<!-- ${generatedFrom(source)} -->\n\n${content.trim()}\n`;
  return { path, render: () => text };
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

export function code(text: string): string {
  return `\`${text}\``;
}
