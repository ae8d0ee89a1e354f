// st.text_area says what it holds only when it is left, so a reload before would lose it. After a short pause in typing we
// press Ctrl+Enter for the person, so that the button is open when they reach it; not while an input method composes.
(() => {
  if (window.xiaohaotaiTyping) return;
  window.xiaohaotaiTyping = true;
  let pause, composing = false;
  const plan = (event) => {
    const field = event.target;
    if (!(field instanceof HTMLTextAreaElement)) return;
    clearTimeout(pause);
    pause = setTimeout(() => {
      if (!composing && field.isConnected)
        field.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", ctrlKey: true, bubbles: true}));
    }, 250);
  };
  document.addEventListener("compositionstart", () => { composing = true; });
  document.addEventListener("compositionend", (event) => { composing = false; plan(event); });
  document.addEventListener("input", plan);
})();
