#!/usr/bin/env python3
"""The HTML page in a real browser: headless Chromium, driven through WebDriver.

usage: browser.py FOLDER   FOLDER holds report.html and zones.html (German first)
Writes screenshots at 390 and 1280 pixels and PDFs beside them, for people to look at.
"""

import base64
import json
import sys
import time
from pathlib import Path

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
except ImportError:
    print("skipped  the page in Chromium (no Python module selenium)")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)

folder = Path(sys.argv[1]).resolve()
page = (folder / "report.html").as_uri()
audit = json.loads((folder / "report.json").read_text())
counts = {"ok": 0, "not ok": 0, "skipped": 0}


def check(name, holds, why=""):
    word = "ok" if holds else "not ok"
    counts[word] += 1
    print(f"{word:9}html: {name}")
    if not holds:
        print("\n".join("         " + line for line in str(why)[:3000].splitlines()))


def skip(name, why):
    counts["skipped"] += 1
    print(f"skipped  html: {name} ({why})")


options = Options()
options.binary_location = "/usr/bin/chromium"
for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
    options.add_argument(argument)
options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
driver.set_page_load_timeout(60)


def size(width, height=900, scheme="light"):
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
    )


def load(fragment="", address=page):
    driver.get("about:blank")
    driver.get(address + fragment)
    time.sleep(0.2)


def shoot(name, most=4000):
    width, height = driver.execute_script(
        "return [innerWidth, Math.min(document.documentElement.scrollHeight, arguments[0])]", most
    )
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    shot = driver.execute_cdp_cmd(
        "Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip}
    )
    (folder / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))


def all_of(query):
    return driver.find_elements(By.CSS_SELECTOR, query)


def visible(query):
    return [node for node in all_of(query) if node.is_displayed()]


def speak(language):
    driver.find_element(By.CSS_SELECTOR, f"[data-lang={language}]").click()


def text_shown():
    return driver.execute_script("return document.body.innerText")


def violations():
    """What axe-core finds on the page that is loaded."""
    driver.execute_cdp_cmd("Runtime.evaluate", {"expression": axe.read_text()})
    driver.execute_script(
        "[].slice.call(document.querySelectorAll('.f')).slice(0, 12)"
        ".forEach(function (f) { f.hidden = false; f.open = true; })"
    )
    driver.set_script_timeout(240)
    result = driver.execute_async_script(
        """var done = arguments[arguments.length - 1];
        axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
          'best-practice'], resultTypes: ['violations']})
          .then(done, function (e) { done({violations: [{id: String(e), nodes: []}]}); })"""
    )
    found = [
        f"{v['id']}: {v.get('help', '')}: " + "; ".join(n["html"][:160] for n in v["nodes"][:3])
        for v in result["violations"]
    ]
    return found


try:
    size(1280)
    load()
    total = len(audit["findings"])
    failed = audit["summary"]["fail"]
    wanted = failed + sum(audit["summary"][key] for key in ("error", "notCollected", "manual"))

    # Views and languages.
    check("management's page comes first", [v.get_attribute("id") for v in visible(".view")] == ["overview"])
    check("the page opens in the language asked for", "Für die Leitung" in text_shown())
    for language, mine, other in (
        ("en", "For management", "Für die Leitung"),
        ("de", "Für die Leitung", "For management"),
    ):
        speak(language)
        shown = text_shown()
        check(f"switch to {language}: words", mine in shown and other not in shown, shown[:300])
        check(
            f"switch to {language}: the root, the title and the buttons say so",
            driver.execute_script("return document.documentElement.lang") == language
            and ("Prüfung" in driver.title) == (language == "de")
            and driver.find_element(By.CSS_SELECTOR, f"[data-lang={language}]").get_attribute("aria-pressed") == "true",
            driver.title,
        )
        leftover = driver.execute_script(
            """var other = arguments[0] === 'de' ? 'en' : 'de';
            return [].filter.call(document.querySelectorAll('main [lang=' + other + ']'),
              function (n) { return n.offsetParent !== null; }).length"""
            , language)
        check(f"switch to {language}: nothing of the other language is shown", leftover == 0, leftover)

    # Filter and search, in both languages.
    for language in ("de", "en"):
        load("#findings")
        speak(language)
        check(f"{language}: what passed is left out at first", len(visible(".f")) == wanted, len(visible(".f")))
        status = driver.find_element(By.ID, "shown").text
        check(f"{language}: the number shown is said", str(wanted) in status and str(total) in status, status)
        for box in all_of("input[name=outcome]"):
            if not box.is_selected():
                box.click()
        check(f"{language}: every outcome can be shown", len(visible(".f")) == total, len(visible(".f")))
        search = driver.find_element(By.ID, "q")
        some = audit["findings"][0]
        for term in (some["rule"], some["title"][language]):
            search.clear()
            search.send_keys(term)
            time.sleep(0.1)
            ids = [node.get_attribute("id") for node in visible(".f")]
            check(f"{language}: search for {term!r}", "r-" + some["rule"] in ids and len(ids) < total, ids[:5])
        search.clear()
        search.send_keys("no such thing <b>")
        time.sleep(0.1)
        check(f"{language}: nothing found is said", not visible(".f") and visible("#nothing"))
        driver.find_element(By.CSS_SELECTOR, "button[type=reset]").click()
        time.sleep(0.2)
        check(f"{language}: reset", len(visible(".f")) == wanted, len(visible(".f")))
        driver.execute_script("var s=document.getElementById('sev'); s.value='high'; s.dispatchEvent(new Event('change',{bubbles:true}))")
        high = [f for f in audit["findings"] if f["severity"] == "high" and f["outcome"] not in ("pass", "notApplicable")]
        check(f"{language}: severity narrows", len(visible(".f")) == len(high), (len(visible(".f")), len(high)))

    # Open, copy, links.
    load("#findings")
    driver.find_element(By.ID, "open-all").click()
    time.sleep(0.3)
    check("all shown findings open at once", len(all_of(".f[open]")) == wanted, len(all_of(".f[open]")))
    driver.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]},
    )
    button = visible(".copy")[0]
    button.click()
    time.sleep(0.3)
    check("the copy button says that it copied", "opiert" in button.text or "opied" in button.text, button.text)
    first = [f for f in audit["findings"] if f["outcome"] == "pass"][0]["rule"]
    load("#r-" + first)
    check("a link to a finding opens it, though it was filtered out",
          all_of(f"[id='r-{first}'][open]") and visible(f"[id='r-{first}']"))

    # Keyboard alone.
    load()
    body = driver.find_element(By.TAG_NAME, "body")
    body.send_keys(Keys.TAB)
    check("the first stop is the link to the content",
          "skip" in driver.switch_to.active_element.get_attribute("class"))
    stops = []
    for _ in range(12):
        driver.switch_to.active_element.send_keys(Keys.TAB)
        stops.append(driver.switch_to.active_element)
    names = [stop.get_attribute("href") or stop.get_attribute("id") or stop.text for stop in stops]
    check("Tab reaches languages, colours, print and the views",
          any("#findings" in name for name in names) and "theme" in names and "print" in names, names)
    for stop in stops:
        if (stop.get_attribute("href") or "").endswith("#findings"):
            stop.send_keys(Keys.ENTER)
            break
    time.sleep(0.3)
    check("Enter on a view shows it", visible("#findings"))
    summary = visible(".f summary")[0]
    summary.send_keys(Keys.ENTER)
    time.sleep(0.2)
    check("Enter opens a finding", all_of(".f[open]"))
    outline = driver.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    check("the focus can be seen", outline == "solid", outline)

    # No sideways scrolling of the page on a phone.
    size(390, 844)
    for view in ("overview", "findings", "evidence"):
        load("#" + view)
        wide = driver.execute_script("return document.documentElement.scrollWidth")
        check(f"{view} fits 390 pixels", wide <= 390, wide)
        shoot(f"{view}-390")
    for view in ("overview", "findings", "evidence"):
        size(1280)
        load("#" + view)
        if view == "findings":
            driver.execute_script("document.querySelector('.f:not([hidden])').open = true")
        shoot(f"{view}-1280")
        size(1280, scheme="dark")
        load("#" + view)
        shoot(f"{view}-1280-dark")

    # Accessibility.
    axe = None
    try:
        import importlib.util

        # Only the script in the package is used, not its driver.
        spec = importlib.util.find_spec("axe_playwright_python")
        axe = spec and next(Path(spec.origin).parent.rglob("axe.min.js"), None)
    except ImportError:
        pass
    if axe is None:
        skip("accessibility by axe-core", "no Python package axe-playwright-python")
    else:
        for scheme in ("light", "dark"):
            for width in (1280, 390):
                size(width, scheme=scheme)
                load("#all")
                found = violations()
                check(f"axe-core finds nothing, {scheme}, {width} pixels", not found, "\n".join(found))

    # Paper.
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    for name, fragment in (("overview", ""), ("all", "#all")):
        load(fragment)
        pdf = driver.execute_cdp_cmd(
            "Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True}
        )
        data = base64.b64decode(pdf["data"])
        (folder / f"{name}.pdf").write_bytes(data)
        pages = data.count(b"/Type /Page\n") or data.count(b"/Type /Page ") or data.count(b"/Type/Page")
        if name == "overview":
            check("management's page is one page of A4", pages == 1, pages)
        check(f"the PDF ({name}) is A4", b"594.95" in data or b"595" in data or b"594.96" in data)

    # Quiet.
    log = [entry for entry in driver.get_log("browser") if "axe" not in entry["message"]]
    check("the console is silent", not log, log)
    sent = set()
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            sent.add(message["params"]["request"]["url"].split("#")[0])
    sent -= {page, "about:blank"}
    check("nothing but the page itself is requested", not sent, sent)

    # The zones of a site.
    zones = (folder / "zones.html").as_uri()
    site = json.loads((folder / "document-zones.json").read_text())
    for width in (1280, 390):
        size(width)
        for view in ("zones", "papers"):
            load("#" + view, zones)
            check(f"zones: {view} is shown alone at {width} pixels",
                  [v.get_attribute("id") for v in visible(".view")] == [view])
            wide = driver.execute_script("return document.documentElement.scrollWidth")
            check(f"zones: {view} fits {width} pixels", wide <= width, wide)
            for language in ("de", "en"):
                speak(language)
                other = "en" if language == "de" else "de"
                left = driver.execute_script(
                    "return [].filter.call(document.querySelectorAll('main [lang=' + arguments[0] + ']'),"
                    "function (n) { return n.offsetParent !== null; }).length", other)
                check(f"zones: {view} in {language} shows nothing of the other language", left == 0, left)
                shoot(f"{view}-{width}-{language}")
    load("#zones", zones)
    speak("en")
    shown = text_shown()
    named = {l["host"] for z in site["zones"] for i in z["levels"] for l in i["limitsCeiling"]}
    check("zones: every limiting host is named", named and all(name in shown for name in named), named)
    pictures = sum(1 for z in site["zones"] for i in z["levels"] if i["catalogue"] == z["levels"][0]["catalogue"])
    check("zones: every aim has its picture", len(visible(".card.zone tbody svg.bar")) == pictures, pictures)
    if axe is not None:
        for scheme in ("light", "dark"):
            size(1280, scheme=scheme)
            load("#all", zones)
            found = violations()
            check(f"zones: axe-core finds nothing, {scheme}", not found, "\n".join(found))
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    load("#all", zones)
    pdf = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    data = base64.b64decode(pdf["data"])
    (folder / "zones.pdf").write_bytes(data)
    check("zones: the PDF is A4", b"594.95" in data or b"595" in data or b"594.96" in data)
    log = [entry for entry in driver.get_log("browser") if "axe" not in entry["message"]]
    check("zones: the console is silent", not log, log)

    # Without JavaScript.
    driver.quit()
    options.add_experimental_option(
        "prefs", {"profile.managed_default_content_settings.javascript": 2}
    )
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    for name, address, views in (
        ("report", page, ("overview", "findings", "evidence")), ("zones", zones, ("zones", "papers")),
    ):
        driver.get(address)
        check(f"{name} without a script: every view is shown",
              [v.get_attribute("id") for v in visible(".view")] == list(views))
        check(f"{name} without a script: no control that needs one", not visible(".tools button, .toolbar input"))
        for language, other in (("de", "en"), ("en", "de")):
            mine = [n for n in all_of(f"main h2 [lang={language}], main h3 [lang={language}], .sub [lang={language}]")]
            theirs = [n for n in all_of(f"main h2 [lang={other}], main h3 [lang={other}], .sub [lang={other}]")]
            check(f"{name} without a script: in {language}",
                  mine and all(n.is_displayed() for n in mine) and not any(n.is_displayed() for n in theirs))
            if language == "de":
                driver.find_element(By.CSS_SELECTOR, "label.nojs").click()
        if name == "report":
            some = [f for f in audit["findings"] if f["outcome"] == "fail"][0]
            finding = driver.find_element(By.ID, "r-" + some["rule"])
            finding.find_element(By.TAG_NAME, "summary").click()
            prose = finding.text
            check("report without a script: a finding opens, in the other language",
                  some["title"]["en"] in prose and some["title"]["de"] not in prose, prose[:500])
            check("report without a script: every finding is there",
                  len(visible(".f")) == len(audit["findings"]), len(visible(".f")))
finally:
    driver.quit()

print(f"{counts['ok']} passed, {counts['not ok']} failed, {counts['skipped']} skipped")
sys.exit(1 if counts["not ok"] else 0)
