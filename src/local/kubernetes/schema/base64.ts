/** Where in the text Go's decoder of base64, which takes no notice of line breaks, finds a fault. */
export function base64FaultAt(text: string): number | undefined {
  const characters = Array.from(text.matchAll(/[^\r\n]/g), ({ 0: shown, index }) => ({
    shown,
    index,
  }));
  let held = 0;
  for (const [at, { shown, index }] of characters.entries()) {
    if (/[A-Za-z0-9+/]/.test(shown)) {
      held = (held + 1) % 4;
      continue;
    }
    if (shown !== '=' || held < 2) return index;
    const second = characters[at + 1];
    if (held === 3) return second?.index;
    if (second?.shown !== '=') return second === undefined ? text.length : second.index - 1;
    return characters[at + 2]?.index;
  }
  return held === 0 ? undefined : text.length - held;
}
