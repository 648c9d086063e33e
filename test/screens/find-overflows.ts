/** Runs in a page: texts and controls that stick out of the window or are cut off by what they lie in. */
export function findOverflows(): string[] {
  const found: string[] = [];
  const wide = document.documentElement.clientWidth;
  const name = (element: Element): string =>
    `<${element.tagName.toLowerCase()}> ${(element.textContent ?? '').trim().slice(0, 60)}`;
  const scrolls = (element: Element | null): boolean => {
    for (let at = element; at !== null; at = at.parentElement) {
      const { overflowX } = getComputedStyle(at);
      if (overflowX === 'auto' || overflowX === 'scroll') {
        if (at.scrollWidth > at.clientWidth + 1 && at.getAttribute('data-wide') !== null)
          return true;
      }
    }
    return false;
  };
  for (const element of document.querySelectorAll('body *')) {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (box.width <= 1 || box.height <= 1 || style.visibility === 'hidden') continue;
    if (scrolls(element)) continue;
    if (box.right > wide + 1)
      found.push(`sticks out by ${Math.round(box.right - wide)}: ${name(element)}`);
    const isCut = style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
    if (isCut && element.clientWidth > 1 && element.tagName !== 'INPUT') {
      found.push(`cut off by ${element.scrollWidth - element.clientWidth}: ${name(element)}`);
    }
  }
  return found.slice(0, 5);
}
