extension CaptureScript {
  /// The program that packs: it reads records, redacts contents and writes members of a tar.
  ///
  /// POSIX awk without anything that mawk, busybox or gawk have not in common. Strings cannot hold
  /// a NUL everywhere, so one is written as the character RS (036), which `tr` turns into it.
  static let awk = #"""
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
    # Private keys: of the format of OpenSSH the part before the secret one, of others words.
    function endkey(   n, text, i) {
      inkey = 0
      if (keykind == "OPENSSH PRIVATE KEY" && keybefore == "" && (text = publicpart(keytext)) != "") {
        put("-----BEGIN OPENSSH PRIVATE KEY-----")
        for (i = 1; i <= length(text); i += 70) put(substr(text, i, 70))
        put("-----END OPENSSH PRIVATE KEY-----")
        return
      }
      put(keybefore "-----BEGIN " keykind "-----")
      put("redacted, " keysize " bytes, " (keycrypted ? "encrypted" : "not encrypted"))
      put("-----END " keykind "-----")
    }
    function publicpart(text,   i, n, v, bits, k, at, size, part, kept, keptcount, start, result) {
      gsub(/[^A-Za-z0-9+\/]/, "", text)
      n = 0; bits = 0; v = 0
      for (i = 1; i <= length(text) && n < 4096; i++) {
        v = (v % 256) * 64 + index(digits, substr(text, i, 1)) - 1
        bits += 6
        if (bits >= 8) { bits -= 8; k = bits == 6 ? 64 : bits == 4 ? 16 : bits == 2 ? 4 : 1; blob[n++] = int(v / k) % 256 }
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
    function redact(line,   word, low, rest, at, i) {
      match(line, /[^ \t\r]+/)
      if (RSTART == 0) return line
      if (!isnetrc && opening != "" && goeson(line, RSTART - 1)) {
        if (kept != line) hit("named-secrets")
        return kept
      }
      match(line, /[^ \t\r]+/)
      at = RSTART + RLENGTH
      word = tolower(substr(line, RSTART, RLENGTH))
      rest = substr(line, at)
      if (issnmp && rest != "" && word ~ snmpre) { hit("snmp-communities"); return substr(line, 1, at) marker }
      if (isnetrc) line = words(line)
      else if (isgrub && rest != "" && word ~ /^password/) {
        match(rest, /^[ \t\r]+[^ \t\r]*[ \t\r]/)
        if (RSTART) { hit("named-secrets"); line = substr(line, 1, at - 1) substr(rest, 1, RLENGTH) marker }
      } else if (hasdirectives && rest != "" && match(rest, /[^ \t\r]/) && substr(rest, RSTART, 1) !~ /[=:]/) {
        i = RSTART
        if (word ~ directive || (word ~ /[-a-z0-9_.]$/ && secret(word) && !isharmless(substr(rest, i), word))) {
          if (substr(rest, i) != marker) hit("named-secrets")
          line = substr(line, 1, at + i - 2) marker
        }
      }
      low = tolower(line)
      if (low ~ anywhere || (index(line, "%") && index(low, "user"))) line = assignments(line)
      if (hasdirectives) {
        if (line ~ /[ \t]-/) line = commands(line)
        for (i = 1; i <= outputs; i++) if ((at = index(line, output[i])) && match(line, /.*,/) && RLENGTH >= at + length(output[i])) {
          if (substr(line, RLENGTH + 1) != marker) hit("named-secrets")
          line = substr(line, 1, RLENGTH) marker
        }
      }
      if (index(line, "://")) line = addresses(line)
      line = tokens(line)
      return index(line, "{") ? schemes(line) : line
    }
    # Whether a line belongs to a secret that began above; what is left of it is in kept.
    function goeson(line, indent,   c, i) {
      c = substr(line, indent + 1, 1)
      if (opening == "word") return 0
      if (opening == "deeper") { if (indent <= openindent) { opening = ""; return 0 } }
      else if (opening == "scalar") {
        opening = ""
        if (indent <= openindent) return 0
        if (c == "\"" || c == "\047") { kept = substr(line, 1, indent + 1) marker substr(line, quoteend(line, indent + 1)); return 1 }
        if (c ~ /[-{[<#]/ || line ~ /[:=]/) return 0
      } else if (opening == "line") { if (line !~ /\\$/) opening = "" }
      else {
        if (c == "<") { opening = ""; return 0 }
        if (i = index(line, "</")) { opening = ""; kept = substr(line, 1, indent) marker substr(line, i); return 1 }
      }
      kept = substr(line, 1, indent) marker
      return 1
    }
    # Where the quote that opens at a place is closed, or one behind the end.
    function quoteend(s, start,   i, c) {
      c = substr(s, start, 1)
      for (i = start + 1; i <= length(s) && substr(s, i, 1) != c; i++) if (substr(s, i, 1) == "\\") i++
      return i > length(s) ? length(s) + 1 : i
    }
    function words(line,   n, w, i, s) {
      gsub(/\t/, " ", line)
      n = split(line, w, / /)
      s = ""
      for (i = 1; i <= n; i++) {
        if (w[i] != "") {
          if (opening == "word") { w[i] = marker; hit("netrc-passwords"); opening = "" }
          else if (w[i] == "password") opening = "word"
        }
        s = s (i > 1 ? " " : "") w[i]
      }
      return s
    }
    function secret(key) {
      key = tolower(key)
      gsub(/-/, "_", key)
      return (key ~ endingre && key !~ otherre) || key ~ keyre
    }
    function isharmless(value, key) {
      return value == "" || tolower(value) ~ harmless || value ~ /^[0-9][0-9]?$/ || (value ~ /^\// && tolower(key) ~ /(key|credentials)$/)
    }
    function indentof(line) { match(line, /^[ \t\r]*/); return RLENGTH }
    function assignments(line,   done, rest, key, low, isuser, v, i) {
      done = ""
      rest = line
      while (match(rest, /[-A-Za-z0-9_.]+/)) {
        done = done substr(rest, 1, RSTART - 1)
        key = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        low = tolower(key)
        isuser = low == "user" || low == "username"
        if (!(isuser || secret(key)) || !valueof(done, key, rest)) { done = done key; continue }
        if (later != "") {
          if (!isuser) { opening = later; openindent = indentof(line) }
          done = done key
          continue
        }
        v = substr(rest, skipped_ + 1, size_)
        if (isuser) {
          low = done
          gsub(/[ \t\r$]/, "", low)
          if ((i = index(v, "%")) < 2 || low == "" || low == "export") { done = done key; continue }
          skipped_ += i
          v = substr(v, i + 1)
        }
        done = done key substr(rest, 1, skipped_)
        rest = substr(rest, skipped_ + 1)
        if (v == "" || v == marker || (!isuser && isharmless(v, key))) continue
        if (!isuser && length(v) == length(rest)) {
          if (v ~ /^[|>][-+0-9]?[-+0-9]?$/) { opening = "deeper"; openindent = indentof(line); continue }
          if (v ~ /\\$/) opening = "line"
        }
        done = done marker
        rest = substr(rest, length(v) + 1)
        hit("named-secrets")
      }
      return done rest
    }
    # What is assigned to a key: how much stands before it and how long it is, or that it comes later.
    function valueof(lead, key, after,   istag, q, n, b, s, tail, w) {
      later = ""
      istag = substr(lead, length(lead)) == "<"
      s = substr(after, 1, 1)
      q = s == "\"" || s == "\047"
      n = q ? (substr(after, 2, 1) == "]" ? 2 : 1) : 0
      b = blanks(after, n)
      if (b >= length(after)) return 0
      s = substr(after, b + 1, 1)
      if ((istag || q) && s == ">") {
        tail = substr(after, b + 2)
        if (tail !~ /[^ \t\r]/) { later = "tag"; return 1 }
        skipped_ = b + 1
        size_ = index(tail, "<") ? index(tail, "<") - 1 : length(tail)
        return 1
      }
      if (s == "=" || s == ":") {
        b++
        if (substr(after, b + 1, 1) ~ /[=>:]/) b++
        b = blanks(after, b)
        if (b >= length(after)) { later = "scalar"; return 1 }
        return plain(lead, key, after, b)
      }
      if (q) {
        if (s == ",") return quotedvalue(after, blanks(after, b + 1))
        if (b > n && substr(after, b + 1, 6) == "value=") return quotedvalue(after, b + 6)
        return 0
      }
      if (b == n) return 0
      if (s == "\"" || s == "\047") return quotedvalue(after, b)
      tail = substr(after, b + 1)
      w = match(tail, /[ \t\r;|&"\047]/) ? RSTART : 0
      skipped_ = b
      size_ = w ? w - 1 : length(tail)
      if (substr(key, 1, 1) == "-" && s != "-") return 1
      return hasdirectives && w > 3 && substr(tail, w, 1) == ";" && substr(lead, length(lead)) != "/"
    }
    function blanks(s, n) {
      while (substr(s, n + 1, 1) ~ /[ \t\r]/) n++
      return n
    }
    function quotedvalue(after, b,   c) {
      c = substr(after, b + 1, 1)
      if (c != "\"" && c != "\047") return 0
      skipped_ = b + 1
      size_ = quoteend(after, b + 1) - b - 2
      return 1
    }
    function plain(lead, key, after, b,   c, tail, i) {
      tail = substr(after, b + 1)
      c = substr(tail, 1, 1)
      skipped_ = b
      size_ = length(tail)
      if (c == "[") {
        for (i = length(tail); i > 0; i--) if (substr(tail, i, 1) == "]") { size_ = i; break }
        return 1
      }
      if (c == "\"" || c == "\047") return quotedvalue(after, b)
      gsub(/[ \t\r$]/, "", lead)
      if (lead == "" || lead == "export" || tolower(key) ~ /authorization$/) return 1
      if (match(tail, /[ \t\r,;&"\047]/)) size_ = RSTART - 1
      return 1
    }
    # Options that only their program gives a meaning.
    function commands(line,   done, rest, program, w, from, sign, pending_, i, r) {
      done = ""
      rest = line
      program = ""
      pending_ = 0
      while (match(rest, /[^ \t\r]+/)) {
        done = done substr(rest, 1, RSTART - 1)
        w = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        from = -1
        if (pending_) { pending_ = 0; from = 0 }
        else if (substr(w, 1, 1) == "-" && program != "") {
          for (i = 1; i <= options; i++) if (index(program, optionof[i]) == 1 && index(w, option[i]) == 1) {
            r = length(option[i])
            if (r > 2 && r < length(w)) { if (substr(w, r + 1, 1) != "=") continue; r++ }
            if (r < length(w)) { from = r; sign = optionsign[i] }
            else if (optionsign[i] != "=") { pending_ = 1; sign = optionsign[i] }
          }
        } else {
          r = w
          sub(/^[^0-9A-Za-z\/]+/, "", r)
          sub(/.*\//, "", r)
          for (i = 1; i <= options; i++) if (index(r, optionof[i]) == 1) program = r
        }
        if (from >= 0 && (sign == ":" || sign == "%")) {
          i = index(substr(w, from + 1), sign)
          from = i ? from + i : -1
        }
        if (from >= 0 && from < length(w) && substr(w, from + 1) != marker) { w = substr(w, 1, from) marker; hit("command-lines") }
        done = done w
      }
      return done rest
    }
    function schemes(line,   done, i, v, size) {
      done = ""
      while (i = index(line, "{")) {
        done = done substr(line, 1, i - 1)
        line = substr(line, i)
        size = 1
        if (match(line, schemere)) {
          size = RLENGTH
          v = substr(line, size + 1)
          i = match(v, /[ \t\r:"\047,;]/) ? RSTART - 1 : length(v)
          if (i && substr(v, 1, i) != marker) { done = done substr(line, 1, size) marker; line = substr(v, i + 1); hit("tokens"); continue }
          size = 1
        }
        done = done substr(line, 1, size)
        line = substr(line, size + 1)
      }
      return done line
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
        match(first, tokenstart)
        done = done substr(line, 1, start - 1) substr(first, 1, RLENGTH) marker
        line = substr(line, start + length(first))
        hit("tokens")
      }
      return done line
    }
    # Files that are no text, and command lines with NUL between their words.
    function binary(path,   command, line, n, b, i, s, size, rule, isline) {
      command = "od -An -v -tu1 " quoted(path) " 2>/dev/null"
      isline = path ~ /^\/proc\/[0-9]+\/cmdline$/
      s = ""
      size = 0
      while ((command | getline line) > 0) {
        n = split(line, b, " ")
        for (i = 1; i <= n; i++) {
          if (isline) s = s (b[i] == 30 ? "?" : chr[b[i]])
          else byte(size, b[i])
          size++
        }
      }
      close(command)
      if (!size && system("test -r " quoted(path)) != 0) { failed(path); return }
      if (!isline) { emit(path, size); return }
      s = commandline(s)
      for (rule in here) note("redacted " rule " " escaped(path))
      files++
      bytes += length(s)
      header("root" path, length(s))
      printf "%s", s
      pad(length(s))
    }
    # Bytes of a file that is no text: what was not set is 0.
    function byte(at, b) {
      if (b == 0) return
      data[at] = b + 0
      dataof[int(at / 256)] = 1
      if (b == 30) ishex = 1
    }
    # A member of these bytes. The character that stands for NUL could not be written for itself.
    function emit(path, size,   i, j, s, end) {
      files++
      bytes += size
      if (ishex) {
        header("hex" path, 2 * size + int((size + 63) / 64))
        for (i = 0; i < size; i += 64) {
          s = ""
          for (j = i; j < i + 64 && j < size; j++) s = s sprintf("%02x", (j in data) ? data[j] : 0)
          print s
        }
        pad(2 * size + int((size + 63) / 64))
      } else {
        header("root" path, size)
        for (i = 0; i < size; i += 256) {
          end = i + 256 < size ? i + 256 : size
          if (!(i / 256 in dataof)) { printf "%s", substr(nuls, 1, end - i); continue }
          s = ""
          for (j = i; j < end; j++) s = s ((j in data) ? chr[data[j]] : NUL)
          printf "%s", s
        }
        pad(size)
      }
      split("", data); split("", dataof); ishex = 0
    }
    # Records of logins: of each account the time of the last one, see LoginRecords.
    function logins(path,   command, size, recsize, last) {
      command = "wc -c < " quoted(path) " 2>/dev/null"
      size = ""
      command | getline size
      close(command)
      if (size == "") { failed(path); return }
      size += 0
      if (size == 0) return
      if (path ~ /lastlog$/) recsize = size % 292 == 0 ? 292 : size % 296 == 0 ? 296 : 0
      else recsize = size % 384 == 0 ? 384 : size % 400 == 0 ? 400 : 0
      if (!recsize) { leave("secret", path); return }
      if (path ~ /lastlog$/) last = lastlog(path, recsize)
      else if (size > 67108864) { leave("too-large", path); return }
      else last = wtmp(path, recsize)
      hit("login-records")
      note("redacted login-records " escaped(path))
      emit(path, last * recsize)
    }
    function wtmp(path, recsize,   command, line, b, row, number, islogin, name, isnamed, when, text, i, newest, place, kept, at, n) {
      command = "od -An -v -tu1 " quoted(path) " 2>/dev/null"
      row = 0
      number = 0
      split("", newest); split("", place); split("", kept)
      while ((command | getline line) > 0) {
        if (row == 0 || (row >= 2 && row <= 4) || row == 21) {
          split(line, b, " ")
          if (row == 0) { islogin = b[1] == 7 && b[2] == 0; name = ""; isnamed = 1 }
          else if (row == 21) {
            when = 0
            text = ""
            for (i = recsize == 384 ? 8 : 16; i > (recsize == 384 ? 4 : 8); i--) { when = when * 256 + b[i]; text = b[i] " " text }
            if (islogin && (!(name in newest) || when > newest[name])) {
              if (name in place) delete kept[place[name]]
              newest[name] = when
              place[name] = number
              kept[number] = name "|" text
            }
          } else for (i = row == 2 ? 13 : 1; i <= (row == 4 ? 12 : 16) && isnamed; i++) { if (b[i] == 0) isnamed = 0; else name = name b[i] " " }
        }
        if (++row == recsize / 16) { row = 0; number++ }
      }
      close(command)
      at = 0
      for (i = 0; i < number; i++) if (i in kept) {
        byte(at, 7)
        n = split(substr(kept[i], 1, index(kept[i], "|") - 1), b, " ")
        for (row = 1; row <= n; row++) byte(at + 43 + row, b[row])
        n = split(substr(kept[i], index(kept[i], "|") + 1), b, " ")
        for (row = 1; row <= n; row++) byte(at + (recsize == 384 ? 339 : 343) + row, b[row])
        at += recsize
      }
      return at / recsize
    }
    # It has a place for every number that a user may have, most of them holes: od says how long.
    function lastlog(path, recsize,   command, line, b, n, at, before, isrepeated, o, width, last) {
      command = "od -Ad -tu1 -N " recsize * 100000 " " quoted(path) " 2>/dev/null"
      width = recsize == 292 ? 4 : 8
      lastused = 0
      isrepeated = 0
      n = 0
      while ((command | getline line) > 0) {
        if (line == "*") { isrepeated = 1; continue }
        match(line, /^[0-9]+/)
        at = substr(line, 1, RLENGTH)
        # To busybox a number with a zero in front is octal.
        sub(/^0+/, "", at)
        at += 0
        if (isrepeated && n) for (o = before + 16; o < at; o += 16) times(b, n, o, recsize, width)
        isrepeated = 0
        before = at
        sub(/^[0-9]+/, "", line)
        n = line ~ /[1-9]/ ? split(line, b, " ") : 0
        if (n) times(b, n, at, recsize, width)
      }
      close(command)
      return lastused
    }
    function times(b, n, at, recsize, width,   i, r) {
      for (i = 1; i <= n; i++) {
        r = int((at + i - 1) / recsize)
        if (b[i] != 0 && at + i - 1 - r * recsize < width) { byte(at + i - 1, b[i]); lastused = r + 1 }
      }
    }
    # The header of a LUKS volume without salts, digests and keys, see LUKSMetadata.
    function luks(path, isdevice,   command, line, b, head, n, i, j, size, text) {
      command = "od -An -v -tu1 -N 4096 " quoted(path) " 2>/dev/null"
      n = 0
      while ((command | getline line) > 0) {
        j = split(line, b, " ")
        for (i = 1; i <= j; i++) head[n++] = b[i] + 0
      }
      close(command)
      if (n < 592 || head[0] != 76 || head[1] != 85 || head[2] != 75 || head[3] != 83 || head[4] != 186 || head[5] != 190 || head[6] != 0 || (head[7] != 1 && head[7] != 2)) {
        if (!isdevice) leave("secret", path)
        return
      }
      size = 4096
      if (head[7] == 1) {
        copy(head, 0, 112); copy(head, 164, 208)
        for (i = 208; i < 592; i += 48) { copy(head, i, i + 8); copy(head, i + 40, i + 48) }
      } else {
        copy(head, 0, 104); copy(head, 168, 264)
        for (i = 8; i < 16; i++) j = i == 8 ? head[8] : j * 256 + head[i]
        if (j >= 16384 && j <= 4194304) size = j
        text = size > 4096 ? metadata(path, size - 4096) : ""
        for (i = 1; i <= length(text); i++) byte(4095 + i, ord[substr(text, i, 1)])
      }
      hit("luks-headers")
      note("redacted luks-headers " escaped(path))
      emit(path, size)
    }
    function copy(head, from, to,   i) { for (i = from; i < to; i++) byte(i, head[i]) }
    # The metadata of LUKS2: JSON in which only texts stay that a known key names.
    function metadata(path, size,   command, line, b, i, n, text, isended, result, key, c, end, word, rest) {
      command = "od -An -v -tu1 -j 4096 -N " size " " quoted(path) " 2>/dev/null"
      text = ""
      isended = 0
      while (!isended && (command | getline line) > 0) {
        n = split(line, b, " ")
        for (i = 1; i <= n; i++) { if (b[i] == 0) { isended = 1; break } text = text (b[i] == 30 ? "?" : chr[b[i]]) }
      }
      close(command)
      result = ""
      key = ""
      i = 1
      while (i <= length(text)) {
        c = substr(text, i, 1)
        if (c != "\"") {
          if (c ~ /[][{},:0-9.+ \t\r\n-]/ || c ~ /[truefalsnE]/) result = result c
          i++
          continue
        }
        end = quoteend(text, i)
        word = substr(text, i + 1, end - i - 1)
        i = end + 1
        rest = substr(text, i, 64)
        sub(/^[ \t\r\n]+/, "", rest)
        if (substr(rest, 1, 1) == ":") { key = word; result = result "\"" word "\"" }
        else result = result "\"" (key ~ luksre ? word : "") "\""
      }
      return result
    }
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
