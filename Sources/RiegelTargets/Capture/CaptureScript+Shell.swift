extension CaptureScript {
  /// The script round the program that packs.
  static let shell = #"""
    #!/bin/sh
    # Captures this host for riegel, and prints the snapshot on standard output:
    #
    #   sudo sh capture.sh > host.tar          here
    #   ssh device sh -s < capture.sh > device.tar
    #
    # Nothing is written to this host and no connection is made. Hashes of passwords, private keys and
    # other secrets are taken out before anything is printed. Made by @TOOL@.
    # shellcheck disable=SC2016,SC1003
    set -u
    LC_ALL=C
    export LC_ALL
    PATH=${PATH:-/usr/sbin:/usr/bin:/sbin:/bin}:/usr/sbin:/usr/bin:/sbin:/bin
    export PATH
    unset IFS

    fail() { echo "capture: $1" >&2; exit 1; }

    if [ -t 1 ]; then fail 'the snapshot goes to standard output; name a file: sh capture.sh > host.tar'; fi
    for tool in find awk tr od id date; do
      command -v "$tool" >/dev/null 2>&1 || fail "$tool is missing on this host"
    done
    user=$(id -u)
    nl='
    '
    # What a file's name cannot hold, so that no name can be taken for a record.
    nonce=$(od -An -N12 -tx1 /dev/urandom 2>/dev/null | tr -d ' \n')
    [ -n "$nonce" ] || nonce=$(date +%s)$$
    nonce="@$nonce@"

    # How find shows metadata: by itself, or through stat.
    raw=0
    if ! find / -prune -printf '' >/dev/null 2>&1; then
      raw=1
      stat -c %f / >/dev/null 2>&1 || fail 'find has no -printf and stat no -c on this host'
    fi

    # show KIND FIND-ARGUMENTS…: records of what find finds; KIND is i where folders are shown whole
    show() {
      kind=$1
      shift
      if [ $raw = 0 ]; then
        find "$@" -printf "$nonce$kind%y %m %U %G %s %T@ %n %D %i %p\n$nonce>%l\n" 2>/dev/null
      else
        find "$@" -exec stat -c "$nonce$kind%f %u %g %s %Y %h %d %i %n$nl$nonce>%N" '{}' + 2>/dev/null
      fi
    }

    say() { printf '%s%s\n' "$nonce" "$1"; }

    # real PATH: the path without links on the way, into $real
    real() {
      real=$1
      case $1 in
        /proc/net)
          # A link by way of /proc/self, which is another process for everybody who looks.
          real=/proc/$$/net
          show k /proc/$$ "$real" -prune ;;
        /sys/class/* | /sys/dev/* | /sys/block/*)
          if [ -d "$1" ]; then
            real=$(cd -P "$1" 2>/dev/null && pwd -P)
            parents "$real"
          fi ;;
      esac
    }

    # parents PATH: records of the folders that lead to it
    parents() {
      parent=$1
      while [ -n "$parent" ] && [ "$parent" != /sys ]; do
        show k "$parent" -prune
        parent=${parent%/*}
      done
    }

    # all FOLDER…: everything that is in these folders
    all() {
      for folder in "$@"; do
        [ -d "$folder" ] || continue
        real "$folder"
        if [ -r "$real" ] && [ -x "$real" ]; then
          say "L$real"
          show k "$real" -mindepth 1 -maxdepth 1
        else
          say "U$real"
        fi
      done
    }

    # one NAME FOLDER…: one entry of each of these folders, or that it is not there
    one() {
      name=$1
      shift
      for folder in "$@"; do
        [ -d "$folder" ] || continue
        real "$folder"
        if [ -e "$real/$name" ] || [ -L "$real/$name" ]; then
          printf '%s\n' "$real/$name"
        elif [ -x "$real" ]; then
          say "!$real/$name"
        fi
      done | {
        # Many are looked at with one find.
        set --
        count=0
        while IFS= read -r path; do
          case $path in
            "$nonce"*) printf '%s\n' "$path"; continue ;;
          esac
          set -- "$@" "$path"
          count=$((count + 1))
          if [ $count -ge 200 ]; then
            show k "$@" -prune
            set --
            count=0
          fi
        done
        [ $count = 0 ] || show k "$@" -prune
      }
    }

    # tree FOLDER…: all that is below these folders, in their file systems
    tree() {
      for folder in "$@"; do
        [ -d "$folder" ] || continue
        real "$folder"
        show i "$real" -xdev
        unreadable "$real"
      done
    }

    # unreadable FOLDER: folders below that this user cannot look into
    unreadable() {
      [ "$user" = 0 ] && return
      find "$1" -xdev -type d -exec sh -c '
        nonce=$1
        shift
        for folder do
          if ! [ -r "$folder" ] || ! [ -x "$folder" ]; then printf "%sU%s\n" "$nonce" "$folder"; fi
        done' sh "$nonce" '{}' + 2>/dev/null
    }

    # text PATH: contents of a file of the kernel; some answer with an error that awk would end with
    text() {
      say "K$1"
      got=
      while IFS= read -r line || [ -n "$line" ]; do
        printf '%s\n' "$line"
        got=1
      done < "$1" 2>/dev/null
      if [ -n "$got" ] || cat "$1" >/dev/null 2>&1; then say F0; else say F1; fi
    } 2>/dev/null

    # file KIND PATH…: contents of these files
    file() {
      kind=$1
      shift
      for path in "$@"; do
        case $path in *"$nl"* | */. | */.. | */./* | */../*) continue ;; esac
        [ -f "$path" ] || continue
        case $kind$path in
          T/proc/* | T/sys/*) text "$path" ;;
          *) say "$kind$path" ;;
        esac
      done
    }

    # heads: headers of encrypted volumes on block devices; of those of which a medium may be missing or
    # that nothing outlives, none is asked
    heads() {
      for path in /dev/*; do
        [ -b "$path" ] || continue
        case ${path#/dev/} in sr* | fd* | ram* | zram* | nbd*) continue ;; esac
        if [ -r "$path" ]; then say "H$path"; else say "U$path"; fi
      done
    }

    # clock: the time zone, its offset, and whether the clock follows another one
    clock() {
      say "Moffset $(date +%z)"
      zone=
      if [ -L /etc/localtime ]; then
        zone=$(readlink /etc/localtime 2>/dev/null)
        case $zone in *zoneinfo/*) zone=${zone#*zoneinfo/} ;; *) zone= ;; esac
      fi
      if [ -z "$zone" ] && [ -r /etc/timezone ]; then read -r zone < /etc/timezone; fi
      say "Mzone $zone"
      [ -r /proc/version ] || return 0
      if [ -e /run/systemd/timesync/synchronized ]; then
        say 'Msynchronised true'
      else
        case $(busybox adjtimex 2>/dev/null | head -n 40) in
          *UNSYNC*) say 'Msynchronised false' ;;
          *status:*) say 'Msynchronised true' ;;
        esac
      fi
    }

    # under KIND FOLDER [-name PATTERN]: contents of the files below a folder
    under() {
      kind=$1
      folder=$2
      shift 2
      [ -d "$folder" ] || return 0
      size='-size -2049'
      case $folder in /proc/* | /sys/*) size= ;; esac
      # shellcheck disable=SC2086
      find "$folder/" -xdev -type f $size "$@" ! -name "*$nl*" 2>/dev/null | while IFS= read -r path; do
        file "$kind" "$folder/${path#"$folder/"}"
      done
      case $folder in /proc/* | /sys/*) return 0 ;; esac
      find "$folder/" -xdev -type l "$@" ! -name "*$nl*" 2>/dev/null | while IFS= read -r path; do
        if [ -f "$path" ] && ! [ -x "$path" ]; then say "$kind$folder/${path#"$folder/"}"; fi
      done
    }

    # kind FOLDER: i where it is walked with the root's file system, k where another begins
    kind() {
      found=$(find / -xdev ! -path / ! -path "$1" ! -path "$1/*" -prune -o -path "$1/?*" -print 2>/dev/null |
        head -n 1)
      if [ -n "$found" ]; then echo i; else echo k; fi
    }

    # walk: the local file systems, and where others begin
    walk() {
      set --
      locals=
      if [ -r /proc/self/mountinfo ]; then
        while read -r _ _ _ _ point _ rest; do
          rest=" $rest"
          type=${rest#* - }
          type=${type%% *}
          [ "$point" = / ] && continue
          case $point in *\\*) point=$(printf '%b' "$point") ;; esac
          case $type in
            @FOREIGN@)
              say "S$type $point"
              case $type in
                proc | sysfs | devtmpfs | devpts | cgroup | cgroup2 | securityfs | efivarfs) ;;
                *) set -- "$@" -path "$point" -prune -o ;;
              esac ;;
            *) locals="$locals$point$nl" ;;
          esac
        done < /proc/self/mountinfo
      fi
      for point in /proc /sys /dev; do
        if [ -d "$point" ]; then show "$(kind "$point")" "$point" -prune; fi
      done
      show i / -xdev "$@" ! -path /proc ! -path /sys ! -path /dev
      unreadable /
      printf '%s' "$locals" | while IFS= read -r point; do
        case $point in /proc | /proc/* | /sys | /sys/* | /dev | /dev/*) continue ;; esac
        show i "$point" -xdev "$@" -path '*'
        unreadable "$point"
      done
    }

    records() {
      say "Mtime $(date -u +%Y-%m-%dT%H:%M:%SZ)"
      say "Muser $user"
      clock
      if [ -r /proc/version ]; then say 'Mrunning true'; else say 'Mrunning false'; fi
      walk
      if [ -r /proc/version ]; then
        say "P$$"
        look
      fi
      say E
      contents
      for glob in \
    @ASKED@; do
        say "A$glob"
      done
    }

    look() {
    @LOOK@
      return 0
    }

    contents() {
    @CONTENTS@
      return 0
    }

    records | awk -v nonce="$nonce" -v raw=$raw '
    @AWK@
    ' | tr '\036' '\000'
    """#
}
