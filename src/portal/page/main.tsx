/** Where the page begins. */
import { render } from 'preact';
import { App } from './app.js';
import { openSession } from './session.js';
import './style.css';

const root = document.querySelector('#page');
if (root !== null) render(<App />, root);
void openSession();
