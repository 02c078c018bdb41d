extension CaptureScript {
  /// What the script takes out of files that are no text: records of logins, headers of LUKS.
  /// The same as `LoginRecords` and `LUKSMetadata` do in the binary; tests compare the two.
  static let awkBinary = #"""
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
    """#
}
