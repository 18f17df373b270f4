// The bar that Blazor shows while the connection is lost. Blazor sets classes on it (all versions); we only decide when to load the page again.
const bar = document.getElementById('components-reconnect-modal');
const pauseMilliseconds = 2000;
let waiting = false;
let asked = false;

const says = name => bar.classList.contains(`components-reconnect-${name}`);
const lost = () => says('show') || says('retrying') || says('paused') || says('failed') || says('rejected');

async function serverAnswers() {
  try {
    return (await fetch('healthz', { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

// The circuit is gone for good; everything that matters is on the server, so a fresh page loses nothing.
async function reloadWhenBack() {
  if (waiting) return;
  waiting = true;
  while (!(await serverAnswers())) await new Promise(resolve => setTimeout(resolve, pauseMilliseconds));
  location.reload();
}

// Who is asked for a key by now is led to where it is given: the connection alone would be refused again and again.
async function signInIfAsked() {
  try {
    const page = await fetch(location.href, { method: 'HEAD', cache: 'no-store', redirect: 'manual' });
    if (page.type === 'opaqueredirect') location.reload();
  } catch {
    // Nobody answers: trying again is all that helps.
  }
}

new MutationObserver(() => {
  bar.hidden = !lost();
  if (lost() && !asked) signInIfAsked();
  asked = lost();
  if (says('failed') || says('rejected')) reloadWhenBack();
}).observe(bar, { attributes: true, attributeFilter: ['class'] });

// A phone that wakes up should not wait for the next attempt.
async function tryNow() {
  if (!lost() || waiting || document.visibilityState !== 'visible' || !(await serverAnswers())) return;
  try {
    if (!(await Blazor.reconnect())) location.reload();
  } catch {
    reloadWhenBack();
  }
}

document.addEventListener('visibilitychange', tryNow);
addEventListener('online', tryNow);
bar.querySelector('button').addEventListener('click', () => location.reload());
