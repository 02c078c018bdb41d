extension CaptureScript {
  /// The program that packs: it reads records, redacts contents and writes members of a tar.
  ///
  /// POSIX awk without anything that mawk, busybox or gawk have not in common. Strings cannot hold
  /// a NUL everywhere, so one is written as the character RS (036), which `tr` turns into it.
  static let awk = #"""
    # Bytes -----------------------------------------------------------------------------------
    function setup(   i, c) {
      for (i = 1; i < 256; i++) { c = sprintf("%c", i); ord[c] = i; chr[i] = c }
      chr[0] = NUL; ord[NUL] = 0
      nuls = NUL
      while (length(nuls) < 512) nuls = nuls nuls
      digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
      tokenchar = "[-A-Za-z0-9_.+/=$,~]"
      run = ""
      for (i = 0; i < @TOKENLENGTH@; i++) run = run tokenchar
      tokenre = "(@TOKENS@)" run tokenchar "*"
      endingre = "(@ENDINGS@)$"
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
    function capture(kind, path,   line, state, rule, isKernel) {
      if (path in taken) return
      taken[path] = 1
      if (path ~ wholere) { leave("secret", path); return }
      isKernel = path ~ /^\/(proc|sys|dev)\//
      split("", here)
      begin()
      if (kind == "B") { binary(path); return }
      inkey = 0
      isaccount = path ~ accountre
      isscanned = path !~ unscannedre
      issnmp = path ~ /snmp/
      isgrub = path ~ /\/grub/
      isnetrc = path ~ netrcre
      hasdirectives = path !~ nodirectivesre
      while ((state = (getline line < path)) > 0) {
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
      inkey = isaccount = isscanned = 0
    }
    function ended(status,   rule) {
      if (!isdouble) {
        if (inkey) endkey()
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
      if (index(line, "PRIVATE KEY-----") && match(line, /-----BEGIN [A-Z ]*PRIVATE KEY-----/)) {
        hit("private-keys")
        keybefore = substr(line, 1, RSTART - 1)
        keykind = substr(line, RSTART + 11, RLENGTH - 27)
        if (index(substr(line, RSTART + RLENGTH), "-----END ")) { put(keybefore marker); return }
        inkey = 1; keysize = 0; keytext = ""; keycrypted = keykind ~ /ENCRYPTED/
        return
      }
      if (isaccount) put(account(line))
      else if (isscanned) put(redact(line))
      else put(line)
    }
    # Private keys: of the format of OpenSSH the part before the secret one, of others words.
    function endkey(   n, text, i) {
      inkey = 0
      if (keykind == "OPENSSH " && keybefore == "" && (text = publicpart(keytext)) != "") {
        put("-----BEGIN OPENSSH PRIVATE KEY-----")
        for (i = 1; i <= length(text); i += 70) put(substr(text, i, 70))
        put("-----END OPENSSH PRIVATE KEY-----")
        return
      }
      put(keybefore "-----BEGIN " keykind "PRIVATE KEY-----")
      put("redacted, " keysize " bytes, " (keycrypted ? "encrypted" : "not encrypted"))
      put("-----END " keykind "PRIVATE KEY-----")
    }
    function publicpart(text,   i, n, v, bits, k, at, size, part, kept, keptcount, start, result) {
      gsub(/[^A-Za-z0-9+\/]/, "", text)
      n = 0; bits = 0; v = 0
      for (i = 1; i <= length(text) && n < 4096; i++) {
        v = (v % 256) * 64 + index(digits, substr(text, i, 1)) - 1
        bits += 6
        if (bits >= 8) { bits -= 8; k = 2 ^ bits; blob[n++] = int(v / k) % 256 }
      }
      if (n < 40) return ""
      keptcount = 0
      for (i = 0; i < 15; i++) kept[keptcount++] = blob[i]
      at = 15
      for (part = 1; part <= 4; part++) {
        if (part == 4) { for (i = 0; i < 4; i++) kept[keptcount++] = blob[at + i]; at += 4 }
        size = ((blob[at] * 256 + blob[at + 1]) * 256 + blob[at + 2]) * 256 + blob[at + 3]
        if (at + 4 + size > n) return ""
        if (part == 3) for (i = 0; i < 4; i++) kept[keptcount++] = 0
        else for (i = 0; i < 4 + size; i++) kept[keptcount++] = blob[at + i]
        at += 4 + size
      }
      result = ""
      for (i = 0; i < keptcount; i += 3) {
        v = kept[i] * 65536 + (i + 1 < keptcount ? kept[i + 1] : 0) * 256 + (i + 2 < keptcount ? kept[i + 2] : 0)
        result = result substr(digits, int(v / 262144) + 1, 1) substr(digits, int(v / 4096) % 64 + 1, 1)
        result = result (i + 1 < keptcount ? substr(digits, int(v / 64) % 64 + 1, 1) : "=")
        result = result (i + 2 < keptcount ? substr(digits, v % 64 + 1, 1) : "=")
      }
      return result
    }
    # Accounts: scheme and cost of a hash stay.
    function account(line,   a, b, rest, field, kept) {
      a = index(line, ":")
      if (!a) return line
      rest = substr(line, a + 1)
      b = index(rest, ":")
      field = b ? substr(rest, 1, b - 1) : rest
      kept = hash(field)
      if (kept != field) hit("password-hashes")
      return substr(line, 1, a) kept (b ? substr(rest, b) : "")
    }
    function hash(field,   lock, h, name, rest, i, option) {
      if (field ~ /^(x|[*]|!|!!|!\*|\*!|NP|\*NP\*|LK|\*LK\*|\*K\*)?$/) return field
      lock = ""
      h = field
      while (substr(h, 1, 1) == "!") { lock = lock "!"; h = substr(h, 2) }
      if (h == "") return field
      if (substr(h, 1, 1) == "$") {
        rest = substr(h, 2)
        i = index(rest, "$")
        if (!i) return lock "$REDACTED"
        name = substr(rest, 1, i - 1)
        rest = substr(rest, i + 1)
        i = index(rest, "$")
        option = i ? substr(rest, 1, i - 1) : rest
        if (length(option) <= 60 && name ~ /^2[abxy]$/) return lock "$" name "$" substr(option, 1, 2) "$REDACTED"
        if (i && length(option) <= 20 && (name ~ /^g?y$/ || option ~ /^rounds=/)) return lock "$" name "$" option "$REDACTED"
        if (name == "7") return lock "$7$" substr(option, 1, 1) "REDACTED"
        return lock "$" name "$REDACTED"
      }
      if (length(h) == 20 && h ~ /^_[.\/0-9A-Za-z]*$/) return lock "_..................."
      if (length(h) >= 13 && substr(h, 1, 13) !~ /[^.\/0-9A-Za-z]/) return lock "............."
      return lock (substr(h, 1, 1) == "*" ? "*" : "") "REDACTED"
    }
    # Lines -----------------------------------------------------------------------------------
    function redact(line,   word, low, rest, at, user) {
      match(line, /[^ \t\r]+/)
      if (RSTART == 0) return line
      at = RSTART + RLENGTH
      word = tolower(substr(line, RSTART, RLENGTH))
      if (at <= length(line)) {
        rest = substr(line, at)
        if (issnmp && word ~ snmpre) { hit("snmp-communities"); return substr(line, 1, at) marker }
        if (isnetrc) line = words(line)
        else if (isgrub && word ~ /^password/) {
          match(rest, /^[ \t\r]+[^ \t\r]*[ \t\r]/)
          if (RSTART) { hit("named-secrets"); line = substr(line, 1, at - 1) substr(rest, 1, RLENGTH) marker }
        } else if (hasdirectives && word ~ directive && match(rest, /[^ \t\r]/) && substr(rest, RSTART, 1) !~ /[=:]/) {
          if (substr(rest, RSTART) != marker) hit("named-secrets")
          line = substr(line, 1, at + RSTART - 2) marker
        }
      }
      if (tolower(line) ~ anywhere) line = assignments(line)
      if (index(line, "://")) line = addresses(line)
      return tokens(line)
    }
    function words(line,   n, w, i, s, next_) {
      gsub(/\t/, " ", line)
      n = split(line, w, / /)
      s = ""
      for (i = 1; i <= n; i++) {
        if (w[i] != "") {
          if (next_) { w[i] = marker; hit("netrc-passwords"); next_ = 0 }
          else next_ = w[i] == "password"
        }
        s = s (i > 1 ? " " : "") w[i]
      }
      return s
    }
    function secret(key) {
      key = tolower(key)
      gsub(/-/, "_", key)
      return key == "pass" || key ~ endingre
    }
    function assignments(line,   done, rest, key, after, before, value, skip, end, i, q, c) {
      done = ""
      rest = line
      while (match(rest, /[-A-Za-z0-9_.]+/)) {
        before = substr(rest, 1, RSTART - 1)
        key = substr(rest, RSTART, RLENGTH)
        after = substr(rest, RSTART + RLENGTH)
        done = done before
        rest = after
        if (!secret(key)) { done = done key; continue }
        end = -1
        if (match(after, /^["\047]?[ \t\r]*>/) && substr(done, length(done)) == "<") {
          skip = RLENGTH
          value = substr(after, skip + 1)
          end = index(value, "<") ? index(value, "<") - 1 : length(value)
        } else if (match(after, /^["\047]?[ \t\r]*[=:]=?[ \t\r]*/)) {
          skip = RLENGTH
          value = substr(after, skip + 1)
          c = substr(value, 1, 1)
          if (value == "") end = -1
          else if (c == "[") {
            end = length(value)
            for (i = length(value); i > 0; i--) if (substr(value, i, 1) == "]") { end = i; break }
          } else if (c == "\"" || c == "\047") {
            skip++
            value = substr(value, 2)
            for (i = 1; i <= length(value) && substr(value, i, 1) != c; i++) if (substr(value, i, 1) == "\\") i++
            end = i - 1
            if (end > length(value)) end = length(value)
          } else {
            q = done
            gsub(/[ \t\r$]/, "", q)
            if (q == "" || q == "export") end = length(value)
            else if (match(value, /[ \t\r,;&"\047]/)) end = RSTART - 1
            else end = length(value)
          }
        }
        done = done key
        if (end < 0) continue
        c = substr(value, 1, end)
        done = done substr(after, 1, skip)
        rest = value
        if (c == "" || tolower(c) ~ harmless || c ~ /^[0-9][0-9]?$/ || c == marker || (c ~ /^\// && tolower(key) ~ /key$/)) continue
        done = done marker
        rest = substr(value, end + 1)
        hit("named-secrets")
      }
      return done rest
    }
    function addresses(line,   done, at) {
      done = ""
      while (match(line, /:\/\/[^ \t\r\/?#"\047<>@:]*:[^ \t\r\/?#"\047<>@]*@/)) {
        at = RSTART + 2 + index(substr(line, RSTART + 3), ":")
        if (substr(line, at + 1, RSTART + RLENGTH - at - 2) != marker) hit("address-passwords")
        done = done substr(line, 1, at) marker "@"
        line = substr(line, RSTART + RLENGTH)
      }
      return done line
    }
    function tokens(line,   done, start, first) {
      done = ""
      while (match(line, tokenre)) {
        start = RSTART
        first = substr(line, start, 1)
        if (first != "$" && first != "{" && start > 1 && substr(line, start - 1, 1) ~ /[0-9A-Za-z]/) {
          done = done substr(line, 1, start)
          line = substr(line, start + 1)
          continue
        }
        if (first != "$" && first != "{" && start == 1 && done ~ /[0-9A-Za-z]$/) {
          done = done first
          line = substr(line, 2)
          continue
        }
        # What the token begins with stays, to say what it was.
        first = substr(line, start, RLENGTH)
        match(first, /^(@TOKENS@)/)
        done = done substr(line, 1, start - 1) substr(first, 1, RLENGTH) marker
        line = substr(line, start + length(first))
        hit("tokens")
      }
      return done line
    }
    # Files that are no text, and command lines with NUL between their words.
    function binary(path,   command, line, n, b, i, s, size, isline, state, rule) {
      command = "od -An -v -tu1 " quoted(path) " 2>/dev/null"
      s = ""
      isline = path ~ /^\/proc\/[0-9]+\/cmdline$/
      while ((command | getline line) > 0) {
        n = split(line, b, " ")
        for (i = 1; i <= n; i++) s = s (b[i] == 30 ? "?" : chr[b[i]])
      }
      close(command)
      if (s == "" && system("test -r " quoted(path)) != 0) { failed(path); return }
      if (isline) s = commandline(s)
      for (rule in here) note("redacted " rule " " escaped(path))
      files++
      bytes += length(s)
      header("root" path, length(s))
      printf "%s", s
      pad(length(s))
    }
    function commandline(s,   n, w, i, program, isnext, text, short, a) {
      n = split(s, w, NUL)
      program = w[1]
      sub(/.*\//, "", program)
      issnmp = isgrub = isnetrc = hasdirectives = 0
      text = ""
      for (i = 1; i <= n; i++) {
        a = w[i]
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
