// Amounts are typed on the keypad with digits and a decimal point.
(() => {
  const keypad = () => document.querySelectorAll("[class*=st-key-said_] input").forEach((field) => { field.inputMode = "decimal"; });
  keypad();
  if (window.xiaohaotaiKeypad) return;
  window.xiaohaotaiKeypad = new MutationObserver(keypad);
  window.xiaohaotaiKeypad.observe(document.body, { subtree: true, childList: true });
})();
