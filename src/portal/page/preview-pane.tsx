/** What would be made: the resources of each region, and the manifest itself. */
import type { Preview } from '../contract.js';

export function PreviewPane({ preview }: { readonly preview: Preview | undefined }) {
  const resources = preview?.resources ?? [];
  const regions = [...new Set(resources.map(({ region }) => region))];
  return (
    <section class="card preview" aria-labelledby="preview">
      <h2 id="manifest">The manifest</h2>
      <pre tabIndex={0} aria-labelledby="manifest">
        {preview?.yaml ?? ''}
      </pre>
      <h2 id="preview">What it makes</h2>
      {resources.length > 0 && <p class="quiet-note">{resources.length} resources in AWS</p>}
      {resources.length === 0 && (
        <p class="quiet-note">
          {preview === undefined || preview.unrendered === ''
            ? 'Shown as soon as the cluster would take the claim.'
            : `Cannot be shown: ${preview.unrendered}`}
        </p>
      )}
      <div class="preview-regions">
        {regions.map((region) => {
          const here = resources.filter((resource) => resource.region === region);
          return (
            <details key={region}>
              <summary>
                {region} <small>{here.length} resources</small>
              </summary>
              <ul>
                {here.map(({ kind, name }) => (
                  <li key={`${kind}/${name}`}>
                    {kind} <small>{name}</small>
                  </li>
                ))}
              </ul>
            </details>
          );
        })}
      </div>
    </section>
  );
}
