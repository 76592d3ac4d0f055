// The editor writes <style> elements as it goes. The page's policy takes none but those with the nonce of its answer,
// which the editor knows nothing of: whatever makes such an element here gets one that has it.
const nonce = document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? '';

type Create = (this: Document, name: string, options?: ElementCreationOptions) => HTMLElement;
const made: { createElement: Create } = Document.prototype;
const { createElement } = made;

made.createElement = function (name, options) {
  const element = createElement.call(this, name, options);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
};
