/** Saves the keyboard's place: when the element that has the focus goes away, focus goes with it. */

/** Give focus to the first of these elements that exists, if nothing has it. */
export function rescueFocus(...ids: (string | undefined)[]): void {
  if (document.activeElement && document.activeElement !== document.body) return;
  const heir = ids.map((id) => id && document.getElementById(id)).find(Boolean);
  if (heir) heir.focus();
}
