/** Every function that expressions may call in Kubernetes 1.34. */
import { Library } from '../language/overload.js';
import { addAddresses } from './addresses.js';
import { addFormats } from './formats.js';
import { addLists, addMaps, addOptionals, addSets } from './lists.js';
import { addQuantities } from './quantity.js';
import { addVersions } from './semver.js';
import { addStandard } from './standard.js';
import { addTexts } from './texts.js';
import { addTimes } from './times.js';
import { addUrls } from './urls.js';

export function kubernetesLibrary(): Library {
  const library = new Library();
  addStandard(library);
  addTimes(library);
  addTexts(library);
  addLists(library);
  addSets(library);
  addOptionals(library);
  addMaps(library);
  addUrls(library);
  addQuantities(library);
  addAddresses(library);
  addFormats(library);
  addVersions(library);
  return library;
}
