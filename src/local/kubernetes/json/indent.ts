/** JSON for people to read: each member and item on its line, as Go's json.Indent has it; nothing of the text is read. */
const STEP = '  ';

export function indentJson(json: string): string {
  let depth = 0;
  const line = () => `\n${STEP.repeat(depth)}`;
  const pieces = json.matchAll(/"(?:[^"\\]|\\.)*"|\{\}|\[\]|[{}[\],:]|[^"{}[\],:\s]+/g);
  let text = '';
  for (const [piece] of pieces) {
    if (piece === '{' || piece === '[') {
      depth += 1;
      text += piece + line();
    } else if (piece === '}' || piece === ']') {
      depth -= 1;
      text += line() + piece;
    } else if (piece === ',') text += piece + line();
    else text += piece === ':' ? ': ' : piece;
  }
  return text;
}
