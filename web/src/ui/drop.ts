// Files that are dragged over the page. What nobody takes would be opened by the browser in the place of the app.

/** Text that is dragged is the browser's own business. */
export function hasFiles(e: DragEvent): boolean {
  return e.dataTransfer?.types.includes('Files') ?? false;
}

/** Files that are dropped here go nowhere, unless somebody has taken them. Each document of a frame needs this of its own. */
export function refuseFiles(target: Window | Document): () => void {
  const refuse = (event: Event) => {
    const e = event as DragEvent;
    if (e.defaultPrevented || !hasFiles(e)) return;
    e.preventDefault();
    e.dataTransfer!.dropEffect = 'none';
  };
  target.addEventListener('dragover', refuse);
  target.addEventListener('drop', refuse);
  return () => {
    target.removeEventListener('dragover', refuse);
    target.removeEventListener('drop', refuse);
  };
}
