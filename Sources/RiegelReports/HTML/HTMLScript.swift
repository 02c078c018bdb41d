/// The script of the page: views, language, search and filters, copying, printing.
///
/// Plain ECMAScript 5 without a framework, for browsers that are years old. It reads the page and
/// builds no markup from text, so nothing that came from a host can turn into an element.
enum HTMLScript {
  static let text = #"""
    (function () {
      "use strict";
      var doc = document, root = doc.documentElement;
      function all(query, from) {
        return Array.prototype.slice.call((from || doc).querySelectorAll(query));
      }
      function one(id) { return doc.getElementById(id); }
      function each(list, call) { list.forEach(call); }
      function on(node, type, call) { if (node) { node.addEventListener(type, call); } }
      root.className += " js";

      var views = all(".view"), first = views.length ? views[0].id : "all", links = all("nav.views a");
      var findings = all(".f"), topics = all(".topic");
      var shown = one("shown"), nothing = one("nothing"), query = one("q");
      var severity = one("sev"), topic = one("top"), boxes = all("input[name=outcome]");

      // Language: elements carry their own; what can hold only text is filled in from attributes.
      var table = all("#texts > p").map(function (row) {
        return { en: row.firstChild.textContent, de: row.lastChild.textContent };
      });
      function speak(language) {
        root.lang = language;
        each(all("[data-l]"), function (node) {
          node.textContent = table[node.getAttribute("data-l")][language];
        });
        each(findings, function (finding) { finding.sought = ""; });
        each(all("[data-lang]"), function (button) {
          button.setAttribute("aria-pressed", String(button.getAttribute("data-lang") === language));
        });
        each(all("[data-en]"), function (node) {
          var text = node.getAttribute("data-" + language);
          if (node === shown) { return; }
          if (node.tagName === "INPUT") { node.placeholder = text; } else { node.textContent = text; }
        });
        filter();
      }
      each(all("[data-lang]"), function (button) {
        on(button, "click", function () { speak(button.getAttribute("data-lang")); });
      });

      // Views: one of them, or all; the address says which.
      function show(name) {
        each(views, function (view) {
          view.className = view.className.replace(/ on\b/, "");
          if (name === "all" || view.id === name) { view.className += " on"; }
        });
        each(links, function (link) {
          if (link.getAttribute("href") === "#" + name) {
            link.setAttribute("aria-current", "page");
          } else {
            link.removeAttribute("aria-current");
          }
        });
      }
      function viewOf(node) {
        while (node && !/\bview\b/.test(node.className || "")) { node = node.parentNode; }
        return node;
      }
      function isOn(view) { return / on\b/.test(view.className); }
      function follow(moved) {
        var name = location.hash.slice(1);
        var target = name && one(name);
        if (name === "all") { show("all"); return; }
        var view = target && viewOf(target);
        if (!view) { if (name !== "main") { show(first); } return; }
        if (!isOn(view)) { show(view.id); }
        if (target === view) { show(view.id); if (moved) { scrollTo(0, 0); } return; }
        if (target.tagName === "DETAILS") {
          if (target.hidden) { widen(); }
          target.open = true;
          target.querySelector("summary").focus();
        } else if (target.focus) { target.focus(); }
        target.scrollIntoView();
      }
      on(window, "hashchange", function () { follow(true); });

      // Search and filters.
      function textOf(finding) {
        if (!finding.sought) { finding.sought = finding.textContent.toLowerCase(); }
        return finding.sought;
      }
      function filter() {
        if (!shown) { return; }
        var words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
        var outcomes = boxes.filter(function (box) { return box.checked; })
          .map(function (box) { return box.value; });
        var count = 0;
        each(topics, function (group) {
          var here = 0;
          each(all(".f", group), function (finding) {
            var fits = outcomes.indexOf(finding.getAttribute("data-o")) >= 0
              && (!severity.value || finding.getAttribute("data-s") === severity.value)
              && (!topic.value || group.getAttribute("data-t") === topic.value)
              && words.every(function (word) { return textOf(finding).indexOf(word) >= 0; });
            finding.hidden = !fits;
            if (fits) { here += 1; }
          });
          group.hidden = here === 0;
          group.querySelector(".count").textContent = "(" + here + ")";
          count += here;
        });
        nothing.hidden = count > 0;
        shown.textContent = shown.getAttribute("data-" + root.lang)
          .replace("%1", count).replace("%2", findings.length);
      }
      function widen() {
        query.value = "";
        severity.value = "";
        topic.value = "";
        each(boxes, function (box) { box.checked = true; });
        filter();
      }
      var form = doc.querySelector(".toolbar");
      on(form, "submit", function (event) { event.preventDefault(); });
      on(form, "input", filter);
      on(form, "change", filter);
      on(form, "reset", function () { setTimeout(filter, 0); });
      on(one("open-all"), "click", function () {
        each(findings, function (finding) { if (!finding.hidden) { finding.open = true; } });
      });
      on(one("close-all"), "click", function () {
        each(findings, function (finding) { finding.open = false; });
      });

      // Copying: what is visible of an element, in the language shown.
      function say(button, id) {
        var words = one(id);
        while (button.firstChild) { button.removeChild(button.firstChild); }
        each(Array.prototype.slice.call(words.childNodes), function (node) {
          button.appendChild(node.cloneNode(true));
        });
      }
      function copy(text, done) {
        function byHand() {
          var area = doc.createElement("textarea"), worked = false;
          area.value = text;
          area.className = "vh";
          doc.body.appendChild(area);
          area.select();
          try { worked = doc.execCommand("copy"); } catch (error) { worked = false; }
          doc.body.removeChild(area);
          done(worked);
        }
        if (navigator.clipboard && navigator.clipboard.writeText) {
          navigator.clipboard.writeText(text).then(function () { done(true); }, byHand);
        } else { byHand(); }
      }
      function copier(label, source) {
        var button = doc.createElement("button");
        button.type = "button";
        button.className = "copy";
        say(button, label);
        on(button, "click", function () {
          copy(source().trim(), function (worked) {
            say(button, worked ? "t-copied" : "t-failed");
            button.focus();
            setTimeout(function () { say(button, label); }, 2500);
          });
        });
        return button;
      }
      function textWithoutButtons(node) {
        return node.innerText.split("\n").filter(Boolean).join("\n");
      }
      each(findings, function (finding) {
        // Made when first opened, so that a page with hundreds of findings starts at once.
        on(finding, "toggle", function () {
          var body = finding.querySelector(".body");
          if (!finding.open || body.querySelector(".buttons")) { return; }
          var row = doc.createElement("p"), fix = finding.querySelector(".fix");
          row.className = "buttons";
          if (fix) { row.appendChild(copier("t-fix", function () { return fix.innerText; })); }
          row.appendChild(copier("t-finding", function () {
            return textWithoutButtons(finding.querySelector(".what")) + "\n"
              + textWithoutButtons(body.querySelector("dl"));
          }));
          body.appendChild(row);
        });
      });

      // Colours and paper.
      on(one("theme"), "click", function () {
        var dark = root.getAttribute("data-theme") === "dark"
          || (!root.getAttribute("data-theme") && window.matchMedia
            && matchMedia("(prefers-color-scheme:dark)").matches);
        root.setAttribute("data-theme", dark ? "light" : "dark");
      });
      on(one("print"), "click", function () { window.print(); });
      var opened = [];
      on(window, "beforeprint", function () {
        opened = findings.filter(function (finding) { return !finding.hidden && !finding.open; });
        each(opened, function (finding) { finding.open = true; });
      });
      on(window, "afterprint", function () {
        each(opened, function (finding) { finding.open = false; });
      });

      show(first);
      filter();
      follow(false);
    })();
    """#
}
