// Native modal dialogs: focus is held inside, Escape closes, and the page behind cannot be reached.
export const open = dialog => { if (dialog && !dialog.open) dialog.showModal(); };
export const close = dialog => { if (dialog?.open) dialog.close(); };
