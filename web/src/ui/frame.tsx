import { useEffect, useRef } from 'preact/hooks';
import { linkOfPage } from '../api';
import { refuseFiles } from './drop';

/** What is higher scrolls in its frame. */
const TALLEST = 100_000;
/** How often a frame grows after a content that grows with it. */
const FOLLOWED = 3;

function heightOf(inner: Document): number {
  return Math.ceil(inner.documentElement.getBoundingClientRect().height);
}

/**
 * A message, in a document of its own whose policy comes with an HTTP header of the gateway: nothing in it runs, and without
 * `remote` nothing is loaded from elsewhere. The app fills it from outside, which `allow-same-origin` permits.
 */
export function MessageFrame({ html, remote, title }: { html: string; remote: boolean; title: string }) {
  const frame = useRef<HTMLIFrameElement>(null);

  useEffect(() => {
    const element = frame.current!;
    let observer: ResizeObserver | undefined;
    const fill = () => {
      const inner = element.contentDocument;
      if (!inner?.documentElement) return;
      put(inner, html);
      let followed = 0;
      const measure = () => {
        const height = heightOf(inner);
        // A wide table scrolls sideways in its frame, and needs room for the bar.
        const bar = inner.documentElement.scrollWidth > inner.documentElement.clientWidth ? 16 : 0;
        element.style.height = `${Math.min(TALLEST, height + bar)}px`;
        // Grown at once, so that nothing came but the frame: what is as high as its frame and more would do so without end.
        if (heightOf(inner) > height && ++followed >= FOLLOWED) observer?.disconnect();
      };
      observer = new ResizeObserver(measure);
      observer.observe(inner.documentElement);
      observer.observe(inner.body);
      inner.addEventListener('keydown', (e) => passOn(e, element));
      refuseFiles(inner);
      measure();
    };
    element.addEventListener('load', fill);
    element.src = remote ? 'frame-remote' : 'frame';
    return () => {
      observer?.disconnect();
      element.removeEventListener('load', fill);
    };
  }, [html, remote]);

  return <iframe ref={frame} class="message" title={title} sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" />;
}

/** Keys that are pressed in the frame are those of the app, as if it were no frame: where they come from matters. */
function passOn(e: KeyboardEvent, frame: HTMLElement): void {
  const { key, code, ctrlKey, metaKey, altKey, shiftKey } = e;
  const passed = { key, code, ctrlKey, metaKey, altKey, shiftKey, bubbles: true, cancelable: true };
  if (!frame.dispatchEvent(new KeyboardEvent('keydown', passed))) e.preventDefault();
}

/**
 * The head comes along, with the policy of the page, its styles and whether it follows light and dark. What `innerHTML`
 * makes runs no scripts in any document, and in a template it loads nothing either.
 */
function put(into: Document, html: string): void {
  const template = into.createElement('template');
  template.innerHTML = html;
  // Relative to where the page comes from, which the frame is not.
  for (const img of template.content.querySelectorAll('img[src^="../"]')) img.setAttribute('src', linkOfPage(img.getAttribute('src')!));
  const head = template.content.querySelectorAll('meta, title, style');
  into.head.replaceChildren(...head);
  into.body.replaceChildren(template.content);
}
