/** A moment as CloudWatch words it in the reasons of composite alarms: `Wednesday 04 November, 2026 18:41:19 UTC`. */
export function longTime(ms: number): string {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options }).format(ms);
  const date = `${part({ weekday: 'long' })} ${part({ day: '2-digit' })} ${part({ month: 'long' })}`;
  return `${date}, ${part({ year: 'numeric' })} ${new Date(ms).toISOString().slice(11, 19)} UTC`;
}
