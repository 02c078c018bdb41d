extension CaptureScript {
  /// The program that packs: it reads records, redacts contents and writes members of a tar.
  ///
  /// POSIX awk without anything that mawk, busybox or gawk have not in common. Strings cannot hold
  /// a NUL everywhere, so one is written as the character RS (036), which `tr` turns into it.
  static let awk = [awkFrame, awkRedaction, awkBinary, awkEnd].joined(separator: "\n")

  private static let awkFrame = #"""
    # Bytes -----------------------------------------------------------------------------------
    function setup(   i, c, pair, part) {
      for (i = 1; i < 256; i++) { c = sprintf("%c", i); ord[c] = i; chr[i] = c }
      chr[0] = NUL; ord[NUL] = 0
      nuls = NUL
      while (length(nuls) < 512) nuls = nuls nuls
      digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
      tokenchar = "[-A-Za-z0-9_.+/=$,~]"
      run = ""
      for (i = 0; i < @TOKENLENGTH@; i++) run = run tokenchar
      tokenre = "(@TOKENS@)" run tokenchar "*"
      tokenstart = "^(@TOKENS@)"
      endingre = "(@ENDINGS@)$"
      keyre = "^(@KEYS@)$"
      otherre = "^(@OTHERS@)$"
      schemere = "^(@SCHEMES@)"
      loginre = "^(@LOGINS@)$"
      luksre = "^(@LUKSKEYS@)$"
      outputs = split("@OUTPUTS@", output, " ")
      options = split("@OPTIONS@", pair, ",")
      for (i = 1; i <= options; i++) {
        split(pair[i], part, " ")
        optionof[i] = part[1]; option[i] = part[2]; optionsign[i] = part[3]
      }
      anywhere = "@ANYWHERE@"
      harmless = "^(@HARMLESS@)$"
      directive = "^(@DIRECTIVES@)$"
      snmpre = "^(@SNMP@)$"
      wholere = "^(@WHOLE@)$"
      unscannedre = "^(@UNSCANNED@)$"
      nodirectivesre = "^(@NODIRECTIVES@)$"
      netrcre = "^(@NETRC@)$"
      accountre = "^(@ACCOUNTS@)$"
      marker = "@MARKER@"
    }
    function octal(n, width,   s) {
      s = ""
      n = int(n)
      if (n < 0) n = 0
      do { s = (n % 8) s; n = int(n / 8) } while (n > 0)
      while (length(s) < width) s = "0" s
      return s
    }
    function hex(s,   i, n) {
      n = 0
      s = tolower(s)
      for (i = 1; i <= length(s); i++) n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
      return n
    }
    # Tar -------------------------------------------------------------------------------------
    function block(name, type, size,   h, sum, i, j) {
      h = name substr(nuls, 1, 100 - length(name)) "0000600" NUL "0000000" NUL "0000000" NUL
      h = h octal(size, 11) NUL "00000000000" NUL "        " type substr(nuls, 1, 100)
      h = h "ustar" NUL "00" substr(nuls, 1, 247)
      sum = 0
      for (i = 1; i <= 160; i++) sum += ord[substr(h, i, 1)]
      for (i = 258; i <= 265; i++) sum += ord[substr(h, i, 1)]
      printf "%s", substr(h, 1, 148) octal(sum, 6) NUL " " substr(h, 157)
    }
    function pad(size) { if (size % 512) printf "%s", substr(nuls, 1, 512 - size % 512) }
    # A path that does not fit stands in a header of its own (pax).
    function header(name, size,   text, n) {
      if (length(name) > 100) {
        text = " path=" name "\n"
        n = length(text) + 1
        while (length(n text) != n) n++
        block("PaxHeader", "x", n)
        printf "%s", n text
        pad(n)
        name = substr(name, 1, 100)
      }
      block(name, "0", size)
    }
    function begin() { count = 0; total = 0 }
    function put(line) { out[++count] = line; total += length(line) + 1 }
    function member(name,   i) {
      header(name, total)
      for (i = 1; i <= count; i++) print out[i]
      pad(total)
      begin()
    }
    # Index -----------------------------------------------------------------------------------
    function escaped(s) {
      if (s ~ /[%\t\n]/) { gsub(/%/, "%25", s); gsub(/\t/, "%09", s); gsub(/\n/, "%0A", s) }
      return s
    }
    function note(text) { notes[++noted] = text }
    function flush() { if (total) member("index/" parts++) }
    function enter(folder) {
      if (folder == "") folder = "/"
      if (folder == current && total) return
      if (total > 500000) flush()
      current = folder
      put(folder)
    }
    function entry(type, mode, user, group, size, time, links, device, inode, path, isKernel, target,   slash, name) {
      if (path == "/proc/self" || path == "/proc/thread-self") return
      sub(/[.].*/, "", time)
      if (type == "d" && isKernel) type = "D"
      path = escaped(path)
      if (path == "/") name = "/"
      else {
        slash = match(path, /\/[^\/]*$/)
        name = substr(path, RSTART + 1)
        enter(substr(path, 1, RSTART - 1))
      }
      put(type " " mode " " user " " group " " size " " time " " links " " device " " inode " " name (type == "l" ? "\t" escaped(target) : ""))
      entries++
    }
    # Records: a letter, then what it says. A link comes with a second one for its text.
    function record(text,   f, n, path, i, type, raw) {
      letter = substr(text, 1, 1)
      text = substr(text, 2)
      if (letter == "i" || letter == "k") { close_entry(); held = text; heldkind = letter; return }
      if (letter == ">") { heldlink = text; haslink = 1; close_entry(); return }
      close_entry()
      if (letter == "!") {
        match(text, /\/[^\/]*$/)
        enter(escaped(substr(text, 1, RSTART - 1)))
        put("! " escaped(substr(text, RSTART + 1)))
      }
      else if (letter == "E") flush()
      else if (letter == "L") note("listed - " escaped(text))
      else if (letter == "U") { note("unreadable 13 " escaped(text)); unreadable++ }
      else if (letter == "S") note("skipped " text)
      else if (letter == "P") { enter("/proc"); put("l 777 0 0 0 0 1 0 0 self\t" text) }
      else if (letter == "A") asked[++askedcount] = escaped(text)
      else if (letter == "M") { n = index(text, " "); fact[substr(text, 1, n - 1)] = substr(text, n + 1) }
      else if (letter == "F") ended(text)
      else if (letter == "T" || letter == "C" || letter == "B") capture(letter, text)
      else if (letter == "H") { if (!(text in taken)) { taken[text] = 1; luks(text, 1) } }
    }
    function close_entry(   f, path, i, mode, type) {
      if (held == "") return
      split(held, f, " ")
      path = held
      for (i = 1; i <= 9 - raw; i++) path = substr(path, index(path, " ") + 1)
      if (raw) {
        mode = hex(f[1])
        type = substr("?pc?d?b?f?l?s???", int(mode / 4096) + 1, 1)
        if (haslink && type == "l") {
          i = length(path) + 7
          if (substr(heldlink, 1, i) == "\047" path "\047 -> \047") heldlink = substr(heldlink, i + 1, length(heldlink) - i - 1)
          else { heldlink = ""; note("unreadable 5 " escaped(path)) }
        }
        entry(type, octal(mode % 4096, 1), f[2], f[3], f[4], f[5], f[6], f[7], f[8], path, heldkind == "k", heldlink)
      } else entry(f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9], path, heldkind == "k", heldlink)
      held = ""; heldlink = ""; haslink = 0
    }
    # Contents --------------------------------------------------------------------------------
    function quoted(s) { gsub(/\047/, "\047\\\047\047", s); return "\047" s "\047" }
    function leave(reason, path) { note("left-out " reason " " escaped(path)); left[reason]++ }
    function failed(path) {
      # What ended meanwhile is not there; all else somebody else may read.
      if (system("test -e " quoted(path)) == 0) { note("unreadable 13 " escaped(path)); unreadable++ }
      else note("gone - " escaped(path))
    }
    function hit(rule) { hits[rule]++; here[rule] = 1 }
    # What the name of a file says about its lines.
    function kindof(path) {
      inkey = 0
      opening = ""
      isaccount = path ~ accountre
      isscanned = path !~ unscannedre
      issnmp = path ~ /snmp/
      isgrub = path ~ /\/grub/
      isnetrc = path ~ netrcre
      hasdirectives = path !~ nodirectivesre
    }
    function capture(kind, path,   line, state, rule, isKernel, first_) {
      if (path in taken) return
      taken[path] = 1
      if (path ~ wholere) { leave("secret", path); return }
      if (path ~ loginre) { logins(path); return }
      isKernel = path ~ /^\/(proc|sys|dev)\//
      split("", here)
      begin()
      if (kind == "B") { binary(path); return }
      kindof(path)
      first_ = 1
      while ((state = (getline line < path)) > 0) {
        if (first_ && substr(line, 1, 4) == "LUKS" && ord[substr(line, 5, 1)] == 186) { close(path); luks(path, 0); return }
        first_ = 0
        if (line ~ /[\001-\010\016-\032\034-\037\177]/) {
          if (!isKernel) { close(path); begin(); leave("binary", path); return }
          gsub(/\036/, "?", line)
        }
        take(line)
        if (kind == "C" && total > 1048576) { close(path); begin(); leave("too-large", path); return }
      }
      close(path)
      if (state < 0) { begin(); failed(path); return }
      if (inkey) endkey()
      for (rule in here) note("redacted " rule " " escaped(path))
      if (count || isKernel) { files++; bytes += total; member("root" path) }
    }
    # What a shell reads for us comes as lines between two records.
    function started(path) {
      reading = path
      isdouble = path in taken
      taken[path] = 1
      split("", here)
      begin()
      kindof(path)
    }
    function ended(status,   rule) {
      if (!isdouble) {
        if (inkey) endkey()
        for (rule in here) note("redacted " rule " " escaped(reading))
        if (status == 1) { begin(); failed(reading) }
        else { files++; bytes += total; member("root" reading) }
      }
      begin()
      reading = ""
    }
    function take(line) {
      if (inkey) {
        if (index(line, "-----END ")) endkey()
        else { keysize += length(line) + 1; keytext = keytext line; if (line ~ /ENCRYPTED/) keycrypted = 1 }
        return
      }
      if (index(line, "-----BEGIN ") && match(line, /-----BEGIN [^-]*(PRIVATE KEY|Static key)[^-]*-----/)) {
        hit("private-keys")
        keybefore = substr(line, 1, RSTART - 1)
        keykind = substr(line, RSTART + 11, RLENGTH - 16)
        if (index(substr(line, RSTART + RLENGTH), "-----END ")) { put(keybefore marker); return }
        inkey = 1; keysize = 0; keytext = ""; keycrypted = keykind ~ /ENCRYPTED/
        return
      }
      if (isaccount) put(account(line))
      else if (isscanned) put(redact(line))
      else put(line)
    }
    """#

  private static let awkEnd = #"""
    function commandline(s,   n, w, i, program, isnext, text, short, a) {
      n = split(s, w, NUL)
      program = w[1]
      sub(/.*\//, "", program)
      issnmp = isgrub = isnetrc = 0
      hasdirectives = 1
      text = ""
      for (i = 1; i <= n; i++) {
        a = w[i]
        opening = ""
        if (isnext && a != "") { a = marker; isnext = 0; hit("command-lines") }
        else if (substr(a, 1, 1) == "-") {
          if (secret(a)) isnext = 1
          if (a == "-u" && program ~ /^(curl|wget)$/) isnext = 1
          if (a == "-p" && program == "sshpass") isnext = 1
          if (a ~ /^-p./ && program ~ /^(mysql|mariadb|sshpass$)/) { a = "-p" marker; hit("command-lines") }
          else a = redact(a)
        } else a = redact(a)
        text = text (i > 1 ? NUL : "") a
      }
      return text
    }
    # The end ---------------------------------------------------------------------------------
    function json(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); gsub(/[\001-\037]/, " ", s); return "\"" s "\"" }
    function first(path, pattern,   line, found) {
      found = ""
      while ((getline line < path) > 0) {
        if (pattern == "") { found = line; break }
        if (index(line, pattern) == 1) found = substr(line, length(pattern) + 1)
      }
      close(path)
      gsub(/["\047]/, "", found)
      return found == "" ? "null" : json(found)
    }
    function counts(list,   k, s) {
      s = ""
      for (k in list) s = s (s == "" ? "" : ", ") "\"" k "\": " list[k]
      return "{" s "}"
    }
    # The offset from UTC that date prints as +0100.
    function seconds(text,   n) {
      if (text !~ /^[-+][0-9][0-9][0-9][0-9]$/) return "null"
      n = substr(text, 2, 2) * 3600 + substr(text, 4, 2) * 60
      return substr(text, 1, 1) == "-" ? -n : n
    }
    function finish(   i, system_) {
      close_entry()
      begin()
      for (i = 1; i <= noted; i++) put(notes[i])
      member("log")
      for (i = 1; i <= askedcount; i++) put(asked[i])
      member("asked")
      system_ = first("/etc/os-release", "PRETTY_NAME=")
      if (system_ == "null") system_ = first("/usr/lib/os-release", "PRETTY_NAME=")
      put("{")
      put("  \"format\": @FORMAT@,")
      put("  \"tool\": \"@TOOL@\",")
      put("  \"by\": \"script\",")
      put("  \"captured-at\": \"" fact["time"] "\",")
      put("  \"running\": " fact["running"] ",")
      put("  \"source\": \"/\",")
      put("  \"user\": \"" fact["user"] "\",")
      put("  \"privileged\": " (fact["user"] == 0 ? "true" : "false") ",")
      put("  \"host\": {\"name\": " first("/etc/hostname", "") ", \"machine-id\": " first("/etc/machine-id", "") ", \"system\": " system_ ", \"kernel\": " first("/proc/sys/kernel/osrelease", "") "},")
      put("  \"entries\": " entries + 0 ",")
      put("  \"files\": " files + 0 ",")
      put("  \"bytes\": " bytes + 0 ",")
      put("  \"unreadable\": " unreadable + 0 ",")
      put("  \"clock\": {\"time-zone\": " (fact["zone"] == "" ? "null" : json(fact["zone"])) ", \"utc-offset\": " seconds(fact["offset"]) ", \"synchronised\": " (fact["synchronised"] == "" ? "null" : fact["synchronised"]) ", \"error\": null},")
      put("  \"left-out\": " counts(left) ",")
      put("  \"redacted\": " counts(hits))
      put("}")
      member("manifest.json")
      printf "%s%s", nuls, nuls
    }
    BEGIN {
      NUL = "\036"
      setup()
      begin()
      put("@FORMAT@")
      member("riegel-snapshot")
      pending = ""
      haspending = 0
    }
    index($0, nonce) == 1 {
      if (haspending) record(pending)
      pending = substr($0, length(nonce) + 1)
      haspending = 1
      if (substr(pending, 1, 1) == "K") { close_entry(); started(substr(pending, 2)); haspending = 0 }
      next
    }
    reading != "" { gsub(/\036/, "?"); if (!isdouble) take($0); next }
    haspending { pending = pending "\n" $0 }
    END {
      if (haspending) record(pending)
      finish()
    }
    """#
}
