#!/usr/bin/python3
"""The HTML pages in a browser of 2016: Debian's QtWebKit, the engine of Safari 10.

usage: old-browser.py FOLDER   FOLDER holds report.html and zones.html (German first)
Run by Debian's own Python, whose modules they are. Writes screenshots beside the pages.
"""

import json
import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")
try:
    from PyQt5.QtCore import QEventLoop, QTimer, QUrl
    from PyQt5.QtWebKit import QWebSettings, qWebKitVersion
    from PyQt5.QtWebKitWidgets import QWebPage, QWebView
    from PyQt5.QtWidgets import QApplication
except ImportError:
    print("skipped  the page in an old browser (no python3-pyqt5.qtwebkit)")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)

folder = Path(sys.argv[1]).resolve()
audit = json.loads((folder / "report.json").read_text())
counts = {"ok": 0, "not ok": 0}
app = QApplication(["old-browser"])
problems = []


def check(name, holds, why=""):
    word = "ok" if holds else "not ok"
    counts[word] += 1
    print(f"{word:9}html in WebKit {qWebKitVersion()}: {name}")
    if not holds:
        print(f"         {str(why)[:500]}")


class Page(QWebPage):
    def javaScriptConsoleMessage(self, message, line, source):
        problems.append(f"{line}: {message}")


def wait(milliseconds):
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec_()


def opened(name, script):
    view = QWebView()
    page = Page(view)
    view.setPage(page)
    view.resize(1280, 1400)
    page.settings().setAttribute(QWebSettings.JavascriptEnabled, script)
    loop = QEventLoop()
    view.loadFinished.connect(lambda _: loop.quit())
    QTimer.singleShot(30000, loop.quit)
    view.load(QUrl.fromLocalFile(str(folder / name)))
    loop.exec_()
    view.show()
    wait(200)
    return view


SHOWN = """function shown(query) {
  return [].filter.call(document.querySelectorAll(query), function (node) {
    return node.getBoundingClientRect().height > 0;
  }).length;
}"""


def ask(view, script):
    return view.page().mainFrame().evaluateJavaScript(SHOWN + script)


for name, first, other in (("report", "overview", "findings"), ("zones", "zones", "papers")):
    view = opened(f"{name}.html", script=True)
    check(f"{name}: the first part is shown alone",
          ask(view, f"shown('.view') === 1 && shown('#{first}') === 1"))
    check(f"{name}: the pictures are drawn", ask(view, "shown('svg.bar')") > 7, ask(view, "shown('svg.bar')"))
    check(f"{name}: it does not scroll sideways",
          ask(view, "document.documentElement.scrollWidth <= innerWidth"))
    for language, hidden in (("en", "de"), ("de", "en")):
        ask(view, f"document.querySelector('[data-lang={language}]').click()")
        check(f"{name}: the language is switched to {language}",
              ask(view, f"document.documentElement.lang === '{language}' && shown('main [lang={hidden}]') === 0"))
    ask(view, f"location.hash = '{other}'")
    wait(200)
    check(f"{name}: a link shows another part", ask(view, f"shown('.view') === 1 && shown('#{other}') === 1"))
    if name == "report":
        before = ask(view, "shown('.f')")
        ask(view, """var q = document.getElementById('q'), e = document.createEvent('Event');
          q.value = 'ssh'; e.initEvent('input', true, true); q.dispatchEvent(e)""")
        found = ask(view, "shown('.f')")
        check("report: the search narrows", 0 < found < before, (found, before))
        ask(view, "[].filter.call(document.querySelectorAll('.f'), function (f) { return !f.hidden; })[0].open = true")
        wait(200)
        check("report: a finding opens", ask(view, "shown('.f .body')") > 0)
    view.grab().save(str(folder / f"old-{name}.png"))
    view = opened(f"{name}.html", script=False)
    document = view.page().mainFrame().documentElement()
    sizes = [node.geometry().height() for node in document.findAll(".view")]
    check(f"{name}: without a script every part is shown", sizes and all(size > 100 for size in sizes), sizes)
    if name == "report":
        rows = [node.geometry().height() for node in document.findAll(".f")]
        check("report: without a script every finding is shown",
              len(rows) == len(audit["findings"]) and all(rows), len(rows))

check("the console is silent", not problems, problems)
print(f"{counts['ok']} passed, {counts['not ok']} failed, 0 skipped", flush=True)
# Qt takes views apart in an order of its own; nothing of them is needed any more.
os._exit(1 if counts["not ok"] else 0)
