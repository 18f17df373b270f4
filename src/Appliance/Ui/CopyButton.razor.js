// Over the plain http of a LAN there is no navigator.clipboard; the old way works there, and leaves the text selected when even that does not.
export function attach(button, id) {
  button?.addEventListener("click", async () => {
    const source = document.getElementById(id);
    if (source) {
      button.textContent = await write(source) ? "Copied" : "Selected: copy it";
    }
  });
}

async function write(source) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(source.textContent);
      return true;
    } catch {
      // Not allowed here: the old way.
    }
  }

  getSelection().selectAllChildren(source);
  return document.execCommand("copy");
}
