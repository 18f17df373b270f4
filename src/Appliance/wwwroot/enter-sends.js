// With a keyboard and a mouse, Enter sends what was written and Shift+Enter begins a new line. On a phone Enter begins a line: there is a button to send.
const hasKeyboard = matchMedia('(hover: hover) and (pointer: fine)');

document.addEventListener('keydown', event => {
  // While a word is being composed, Enter chooses it.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !hasKeyboard.matches) return;
  if (!event.target.matches('textarea[data-enter-sends]')) return;
  event.preventDefault();
  const send = event.target.form.querySelector('button[type=submit]:enabled');
  if (send) event.target.form.requestSubmit(send);
});
