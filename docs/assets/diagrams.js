// The theme shrinks a diagram to the width of the page. On a phone nobody could read a large one:
// there it keeps its size, and its box scrolls, by the keyboard too.
const initialize = mermaid.initialize;
mermaid.initialize = (settings) => {
  const useMaxWidth = window.matchMedia('(min-width: 45em)').matches;
  const sequence = { ...settings.sequence, useMaxWidth };
  initialize.call(mermaid, { ...settings, flowchart: { useMaxWidth }, sequence, state: { useMaxWidth } });
};

new MutationObserver(() => {
  for (const box of document.querySelectorAll('div.mermaid')) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}).observe(document.documentElement, { childList: true, subtree: true });
