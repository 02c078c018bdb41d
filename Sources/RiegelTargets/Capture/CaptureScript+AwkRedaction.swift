extension CaptureScript {
  /// What the script takes out of lines: private keys, hashes of accounts, values of secret keys.
  /// The same as `SecretLine` and `PrivateKeyText` do in the binary; tests compare the two.
  static let awkRedaction = #"""
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
    """#
}
