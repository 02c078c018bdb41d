import RiegelModel

/// The style of the page: one layout, two sets of colours, and paper.
///
/// No variables and no grid, which browsers that are still in use in wards do not know; the
/// colours are put in from a table instead. All pairs of text and ground have a contrast of at
/// least 4.5 to 1 (WCAG 2.2 AA).
enum HTMLStyle {
  static let text: String =
    layout + themed(light)
    + "@media screen and (prefers-color-scheme:dark){"
    + themed(dark, below: "html:not([data-theme=light]) ") + "}"
    + "@media screen{" + themed(dark, below: "html[data-theme=dark] ") + "}" + paper

  private struct Colours {
    var ground, card, ink, muted, line, accent, bad, unsure, good, soft, onSign, track: String
  }

  private static let light = Colours(
    ground: "#f3f5f8", card: "#ffffff", ink: "#18212c", muted: "#4b5767", line: "#ccd3dc",
    accent: "#0a56a3", bad: "#b3261e", unsure: "#8a5a00", good: "#1b6e3c", soft: "#eaeef3",
    onSign: "#ffffff", track: "#e3e8ee")
  private static let dark = Colours(
    ground: "#11161c", card: "#1a2129", ink: "#e8edf3", muted: "#aab6c4", line: "#3a4653",
    accent: "#86bdff", bad: "#ff9088", unsure: "#ffc861", good: "#7fdb9f", soft: "#252e38",
    onSign: "#11161c", track: "#2b3641")

  private static func themed(_ c: Colours, below scope: String = "") -> String {
    let rules: [(String, String)] = [
      ("body", "background:\(c.ground);color:\(c.ink)"),
      (
        ".card,.f,.views a,button,label.nojs,input,select,.verdict",
        "background:\(c.card);color:\(c.ink);border-color:\(c.line)"
      ),
      ("a", "color:\(c.accent)"),
      (".muted,.sub,.id,.over,dt,.brand", "color:\(c.muted)"),
      ("code,pre,.mark,.notice", "background:\(c.soft);color:\(c.ink)"),
      ("code.id,code.at,.hash", "background:transparent"),
      ("td,th,.levels tr,.facts tr,.legend,.body,.lights li", "border-color:\(c.line)"),
      ("thead th", "background:\(c.soft)"),
      (
        ".views a[aria-current],button[aria-pressed=true]",
        "background:\(c.accent);color:\(c.onSign);border-color:\(c.accent)"
      ),
      (".v-refuted", "border-color:\(c.bad)"), (".v-open", "border-color:\(c.unsure)"),
      (".v-evidenced", "border-color:\(c.good)"),
      (".sev-critical", "background:\(c.bad);color:\(c.onSign);border-color:\(c.bad)"),
      (".sev-high,.o-fail", "color:\(c.bad);border-color:\(c.bad)"),
      (".sev-medium,.o-error,.o-manual", "color:\(c.unsure);border-color:\(c.unsure)"),
      (".sev-low,.o-notApplicable", "color:\(c.muted);border-color:\(c.muted)"),
      (".o-pass", "color:\(c.good);border-color:\(c.good)"),
      (".sign", "stroke:\(c.onSign)"), (".s-refuted", "color:\(c.bad)"),
      (".s-open", "color:\(c.unsure)"), (".s-evidenced", "color:\(c.good)"),
      (".s-none", "color:\(c.muted)"), (".gap", "fill:\(c.card)"), (".ink,.aim", "fill:\(c.ink)"),
      (".aim,.tick,.edge", "stroke:\(c.ink)"), (".shown", "fill:\(c.good)"),
      (".gap", "stroke:\(c.bad)"), (".track", "fill:\(c.track)"), (".hatch-bg", "fill:\(c.card)"),
      (".hatch-fg", "fill:\(c.unsure)"), (".scale text", "fill:\(c.muted)"),
      ("::selection", "background:\(c.accent);color:\(c.onSign)"),
      (":focus", "outline-color:\(c.accent)"),
    ]
    return rules.map { selectors, body in
      selectors.split(separator: ",").map { scope + $0 }.joined(separator: ",") + "{\(body)}"
    }.joined()
  }

  /// What a page without a script needs to be read in its other language: a check box turns the
  /// two round, and texts that stand there only once have the other language put after them.
  static func withoutScript(_ language: Language, _ others: [String]) -> String {
    let own = language.rawValue
    let other = language == .de ? "en" : "de"
    let checked = "html[lang=\(own)] #other:checked~* "
    return "\(checked)span[lang=\(other)]{display:inline!important}"
      + "\(checked)div[lang=\(other)]{display:block!important}"
      + "\(checked)[lang=\(own)]:not(button):not(label){display:none!important}"
      + others.enumerated().map { row, text in
        "#other:checked~* [data-l=\"\(row)\"]:after{content:\" · \(escaped(text))\"}"
      }.joined()
  }

  /// Escaped HTML as a string of CSS, from which no text can get out.
  private static func escaped(_ html: String) -> String {
    var text = html
    for (entity, character) in [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
    ] {
      text = text.split(separator: entity, omittingEmptySubsequences: false)
        .joined(separator: character)
    }
    var result = ""
    for scalar in text.unicodeScalars {
      let isPlain =
        scalar.value >= 0x80 || scalar == " " || scalar.properties.isAlphabetic
        || ("0"..."9").contains(scalar) || ".,:;()-/".unicodeScalars.contains(scalar)
      if isPlain {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\\" + String(scalar.value, radix: 16) + " "
      }
    }
    return result
  }

  private static let layout = """
    *{box-sizing:border-box}
    html{font:16px/1.5 "Segoe UI","Noto Sans","DejaVu Sans","Liberation Sans",Arial,sans-serif;\
    -webkit-text-size-adjust:100%}
    body{margin:0;padding:0 1rem 2rem;overflow-wrap:break-word;word-wrap:break-word}
    html[lang=de] [lang=en]:not(button):not(label),\
    html[lang=en] [lang=de]:not(button):not(label){display:none!important}
    main,.f{display:block}
    [hidden]{display:none!important}
    .defs{position:absolute;width:0;height:0}
    .js .view{display:none}
    .js .view.on{display:block}
    html:not(.js) .needs-js,html:not(.js) .tools,html:not(.js) #shown{display:none}
    .js .nojs{display:none}
    label.nojs{align-self:flex-start;border:1px solid;border-radius:.4rem;padding:.35rem .7rem;\
    cursor:pointer}
    #other:focus~header label{outline:3px solid;outline-offset:2px}
    header.top,nav.views,main,footer{max-width:72rem;margin:0 auto}
    header.top{display:flex;flex-wrap:wrap;justify-content:space-between;padding:1rem 0}
    .name{flex:1 1 20rem;min-width:0}
    .brand,.sub{margin:0;font-size:.9rem}
    .brand svg{vertical-align:-.35em}
    h1{font-size:1.7rem;line-height:1.2;margin:.1em 0}
    h2{font-size:1.4rem;margin:1rem 0 .6rem}
    h3{font-size:1.1rem;margin:0 0 .5rem}
    h4{font-size:1rem;margin:1rem 0 .3rem}
    .tools{display:flex;flex-wrap:wrap;align-items:flex-start}
    .tools>*{margin:0 0 .4rem .5rem}
    .switch{display:flex}
    .switch button:first-of-type{border-radius:.4rem 0 0 .4rem}
    .switch button:last-of-type{border-radius:0 .4rem .4rem 0;border-left-width:0}
    button,input,select{font:inherit;border:1px solid;border-radius:.4rem;padding:.35rem .7rem;\
    min-height:2.4rem}
    button,select,summary,.box{cursor:pointer}
    :focus{outline:3px solid;outline-offset:2px}
    :focus:not(:focus-visible){outline:none}
    .vh{position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0 0 0 0);\
    white-space:nowrap}
    .skip{position:absolute;left:-999rem;top:0;padding:.6rem}
    .skip:focus{left:1rem;z-index:2}
    nav.views{display:flex;flex-wrap:wrap;padding-bottom:.5rem}
    .views a{padding:.45rem .9rem;margin:0 .4rem .4rem 0;border:1px solid;border-radius:.4rem;\
    text-decoration:none}
    html:not(.js) .views a[href="#all"]{display:none}
    main:focus{outline:none}
    .card,.verdict{border:1px solid;border-radius:.6rem;padding:1rem;margin:0 0 1rem}
    .verdict{display:flex;border-left-width:.5rem}
    .verdict>svg{flex:none;margin:.1rem 1rem 0 0}
    .sentence{font-size:1.25rem;line-height:1.35;font-weight:600;margin:0}
    .verdict p+p{margin:.2rem 0 0}
    ul,ol{margin:.2rem 0;padding-left:1.2rem}
    .tiles,.legend,.lights,.plain{list-style:none;padding:0}
    .tiles li,.legend li{display:inline-block;margin:.3rem 1.2rem 0 0}
    .sign{width:18px;height:18px;vertical-align:-.25em;flex:none}
    .sm{width:15px;height:15px}
    .md{width:22px;height:22px}
    .lg{width:44px;height:44px}
    .sign{stroke-width:2.6;stroke-linecap:round;stroke-linejoin:round}
    .columns{display:flex;flex-wrap:wrap;margin:0 -.5rem}
    .columns>div{padding:0 .5rem;min-width:0;display:flex}
    .columns .card{flex:1 1 100%;min-width:0}
    .wide{flex:3 1 34rem;max-width:100%}
    .narrow{flex:2 1 19rem;max-width:100%}
    .lights li{display:flex;padding:.35rem 0;border-top:1px solid}
    .lights li:first-child{border-top:0}
    .lights .sign{margin:.15rem .6rem 0 0}
    .lights,.risks{line-height:1.35}
    .risks li{margin:.3rem 0}
    .changes h4{margin:.6rem 0 .1rem}
    .muted,.sub,.id{font-weight:400}
    .small{font-size:.85rem}
    .nb{white-space:nowrap}
    .scroll{overflow-x:auto;max-width:100%;position:relative}
    table{border-collapse:collapse;width:100%;font-size:.92rem}
    th,td{text-align:left;vertical-align:top;padding:.4rem .6rem .4rem 0;border-bottom:1px solid}
    thead th{padding-left:.4rem;vertical-align:bottom}
    tbody th{font-weight:600;padding-left:.4rem;max-width:24rem}
    td{padding-left:.4rem}
    .facts th{width:14rem}
    .facts td{overflow-wrap:anywhere}
    .pic{width:200px}
    .zone td.wide{min-width:16rem;font-size:.88em}
    .bar{display:block;max-width:none}
    .bar rect,.legend rect{stroke-width:1}
    .gap{stroke-dasharray:3 2;stroke-width:2!important}
    .aim{stroke-width:2}
    .tick{stroke-width:1;opacity:.5}
    .scale text{font-size:12px}
    .legend{font-size:.85rem;margin-top:.6rem}
    .legend svg{vertical-align:-.2em}
    abbr{text-decoration:none;display:inline-block;min-width:2.6em}
    .hash,.wrap,.val,.at,code{word-break:break-word;overflow-wrap:anywhere}
    code,pre{font-family:"DejaVu Sans Mono","Liberation Mono",Consolas,monospace;font-size:.88em;\
    border-radius:.25rem;padding:.1em .3em}
    pre{padding:.5rem;overflow-x:auto;white-space:pre-wrap}
    .toolbar .fields{display:flex;flex-wrap:wrap;margin:0 -.4rem}
    .fields label{flex:1 1 12rem;margin:0 .4rem .6rem;font-size:.9rem}
    .fields label:first-child{flex-grow:2}
    .fields input,.fields select{display:block;width:100%;font-size:1rem}
    fieldset{border:0;padding:0;margin:0 0 .6rem;min-width:0}
    legend{font-size:.9rem;padding:0}
    .box{display:inline-block;margin:.15rem 1.1rem .15rem 0;min-height:1.75rem}
    .box input{min-height:0;width:1.15rem;height:1.15rem;vertical-align:-.2em}
    .buttons button{margin:0 .5rem .3rem 0}
    .topic h3{margin:1.2rem 0 .5rem}
    .count{font-weight:400;font-size:.9rem}
    .f{border:1px solid;border-radius:.5rem;margin:0 0 .5rem}
    summary{display:flex;padding:.6rem .8rem;align-items:flex-start;list-style:none}
    summary::-webkit-details-marker{display:none}
    summary .sign{margin:.2rem .6rem 0 0}
    .what{flex:1 1 12rem;min-width:0}
    .title{font-weight:600;display:block}
    .id{padding:0}
    .marks{flex:0 1 auto;text-align:right;margin-left:.6rem;font-size:.82rem}
    .sev,.out,.mark{display:inline-block;border:1px solid;border-radius:1rem;padding:.05rem .6rem;\
    margin:.1rem 0 .1rem .3rem;white-space:nowrap}
    .mark{border-color:transparent;white-space:normal}
    .risks .sev{margin-left:0}
    .body{border-top:1px solid;padding:.3rem .8rem .8rem}
    dl{margin:0}
    dt{font-size:.88rem;margin-top:.6rem}
    dd{margin:0;max-width:60rem}
    dd p{margin:0 0 .3rem}
    dd ul{list-style:none;padding:0;margin:0}
    dd li{margin:.1rem 0}
    .over{font-size:.9rem;padding-left:1rem}
    .notice{padding:.6rem .8rem;border-radius:.4rem}
    .contents ol{columns:2 16rem}
    footer{padding-top:1rem;font-size:.85rem}
    @media (min-width:48rem){.body dl{border-top:1px solid transparent}.body dt{float:left;clear:left;width:7.5rem}\
    .body dd{margin:.6rem 0 0 8rem}.body dd:after{content:"";display:block;clear:both}}
    @media (max-width:40rem){.tools{margin-top:.6rem}\
    .levels thead{display:none}.levels tr{display:block;border-bottom:1px solid;padding:.4rem 0}\
    .levels th,.levels td{display:inline-block;border:0;padding:.1rem .6rem .1rem 0}\
    .levels th,.levels .pic{display:block;max-width:none;width:auto}\
    summary{flex-wrap:wrap}.marks{flex:1 1 100%;text-align:left;\
    margin:.2rem 0 0 1.8rem}.marks>*{margin-left:0;margin-right:.3rem}.tools>*{margin-left:0;\
    margin-right:.5rem}.facts tr{display:block;border-bottom:1px solid;padding:.3rem 0}\
    .facts th,.facts td{display:block;width:auto;max-width:none;border:0;padding:0 .4rem}.what{flex:1 1 70%}}

    """

  private static let paper = """
    @page{size:A4;margin:11mm 12mm}
    @media print{
    html{font-size:10pt}
    body{padding:0;background:#fff}
    .tools,.nojs,nav.views,.toolbar,.skip,.copy,#shown,.contents,.notice[hidden]{display:none!important}
    header.top{padding:0 0 .4rem}
    h1{font-size:1.4rem}
    .viewhead{font-size:1.15rem;margin:.2rem 0 .4rem}
    .view.on~.view.on,html:not(.js) .view+.view{page-break-before:always;break-before:page}
    .card,.verdict{padding:.6rem .7rem;margin-bottom:.6rem}
    #overview .card{page-break-inside:avoid;break-inside:avoid}
    #overview{font-size:.77rem;line-height:1.22}
    #overview .muted,#overview .risks{font-size:.7rem}
    #overview h3{font-size:.92rem}
    #overview .viewhead{font-size:1rem;margin:0 0 .3rem}
    #overview .bar{width:150px;height:auto}
    #overview .pic{width:160px}
    #overview .changes h4{font-size:.85rem;margin:.2rem 0 0}
    footer{padding:0;font-size:.72rem}
    #overview .card,#overview .verdict{padding:.4rem .6rem;margin-bottom:.45rem}
    #overview .lg{width:34px;height:34px}
    #overview .risks li{margin:.1rem 0}
    header.top .sub,header.top .brand{font-size:.8rem}
    #overview table{font-size:.8rem}
    #overview .columns{flex-wrap:nowrap}
    #overview .columns.first{display:block}
    #overview th,#overview td{padding:.15rem .4rem .15rem 0}
    #overview .lights{columns:2;column-gap:1.5rem}
    #overview .lights li{break-inside:avoid;padding:.2rem 0;border:0}
    #overview p{margin:.2rem 0}
    #overview .small{font-size:.72rem}
    #overview h3{margin-bottom:.2rem}
    .sentence{font-size:1rem}
    .scroll{overflow:visible}
    .body dt{float:left;clear:left;width:6.5rem;margin-top:.3rem}
    .body dd{margin:.3rem 0 0 7rem}
    .body dd:after{content:"";display:block;clear:both}
    .f{border-radius:.2rem}
    summary{padding:.3rem .6rem}
    .body{padding:.1rem .6rem .4rem}
    .card.zone{page-break-inside:avoid;break-inside:avoid}
    #zones .bar{width:120px;height:auto}
    #zones .pic{width:125px}
    #zones td,#zones th,#papers td,#papers th{font-size:.85em;padding:.15rem .3rem .15rem 0}
    .zone td.wide{min-width:0}
    #evidence td,#evidence th{font-size:.88em;padding:.2rem .4rem .2rem 0}
    thead{display:table-header-group}
    tr,.f summary,dt,h3,h4{page-break-inside:avoid;break-inside:avoid}
    h3,h4,summary,dt{page-break-after:avoid;break-after:avoid}
    a{color:inherit;text-decoration:none}
    *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
    }

    """
}
