// The theme puts wide tables into a box that scrolls; the keyboard must reach it too.
window.addEventListener('load', () => {
  for (const box of document.querySelectorAll('.md-typeset__scrollwrap')) box.tabIndex = 0;
});
