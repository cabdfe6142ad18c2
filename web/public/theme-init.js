// Runs before anything is drawn: the colour scheme, so that nothing flashes, and the page's one Trusted Types policy.
(function () {
  var stored = null;
  try {
    stored = localStorage.getItem("stockade-colors");
  } catch (_) {
    // Storage may be forbidden; the system's choice serves.
  }
  var dark = stored === "dark" || (stored !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");

  // Text may be assigned where markup is expected, such as a style sheet's rules; markup may not.
  if (window.trustedTypes) {
    window.trustedTypes.createPolicy("default", {
      createHTML: function (text) {
        if (text.indexOf("<") !== -1) throw new TypeError("markup made of text is refused");
        return text;
      },
    });
  }
})();
