// Runs before the first paint, so that a remembered look does not flash. Needs no circuit.
(() => {
  const key = 'appliance.theme';
  const root = document.documentElement;
  const choices = [['', 'System'], ['light', 'Light'], ['dark', 'Dark']];

  // Storage can be blocked; the choice then lasts for this page.
  let chosen = '';
  try { chosen = localStorage.getItem(key) ?? ''; } catch { chosen = ''; }

  const apply = () => {
    if (chosen === '') delete root.dataset.theme; else root.dataset.theme = chosen;
  };
  apply();

  customElements.define('theme-choice', class extends HTMLElement {
    connectedCallback() {
      const group = document.createElement('fieldset');
      const legend = document.createElement('legend');
      legend.textContent = 'Light or dark';
      group.append(legend);
      for (const [value, text] of choices) {
        const label = document.createElement('label');
        const input = document.createElement('input');
        input.type = 'radio';
        input.name = 'theme';
        input.value = value;
        input.checked = value === chosen;
        input.addEventListener('change', () => {
          chosen = value;
          apply();
          try { localStorage.setItem(key, value); } catch { /* storage is blocked: nothing to remember with */ }
        });
        const face = document.createElement('span');
        face.textContent = text;
        label.append(input, face);
        group.append(label);
      }
      this.replaceChildren(group);
    }
  });
})();
