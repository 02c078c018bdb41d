/// What is known of kinds of file systems by their names in `/proc/filesystems`.
enum FileSystem {
  /// `PROC_SUPER_MAGIC`
  static let procMagic: Int64 = 0x9fa0

  /// Those whose files lie on another machine, on another walked file system, or nowhere.
  ///
  /// What is not listed is walked: to pass over a file system that nobody thought of would be the
  /// worse mistake.
  private static let foreign: Set<String> = [
    // The kernel's own.
    "proc", "sysfs", "devtmpfs", "devpts", "cgroup", "cgroup2", "cpuset", "debugfs", "tracefs",
    "securityfs", "selinuxfs", "smackfs", "apparmorfs", "bpf", "pstore", "efivarfs", "configfs",
    "mqueue", "hugetlbfs", "binfmt_misc", "nsfs", "rpc_pipefs", "nfsd", "autofs", "fusectl",
    "resctrl", "binder", "functionfs", "gadgetfs", "usbfs", "openpromfs", "spufs", "dlmfs",
    "ocfs2_dlmfs", "pipefs", "sockfs", "anon_inodefs", "secretmem", "pidfs",
    // Of other machines and hypervisors.
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "9p", "virtiofs", "vboxsf",
    "vmhgfs", "prl_fs", "drvfs", "ceph", "lustre", "gpfs", "beegfs", "orangefs", "pvfs2",
    "glusterfs",
    "gfs2", "ocfs2", "acfs", "panfs", "wekafs", "davfs",
    // Shows again what lies in other folders.
    "overlay", "overlayfs", "aufs", "unionfs", "shiftfs", "ecryptfs",
  ]

  /// Those that the kernel answers by itself and at once, whatever is asked.
  private static let kernel: Set<String> = [
    "proc", "sysfs", "devtmpfs", "devpts", "cgroup", "cgroup2", "cpuset", "securityfs", "efivarfs",
  ]

  static var foreignNames: [String] { foreign.sorted() }

  static func isKernel(_ name: String) -> Bool { kernel.contains(name) }

  static func isForeign(_ name: String) -> Bool {
    // `fuse`, `fuseblk`, `fuse.sshfs`: a program answers, and may never do so.
    foreign.contains(name) || name.hasPrefix("fuse")
  }

  /// For where the table of mounts cannot be read: names by `f_type`, `statfs(2)`. `devtmpfs`
  /// is not told from `tmpfs` that way.
  static func name(magic: Int64) -> String {
    switch magic {
    case 0x9fa0: "proc"
    case 0x6265_6572: "sysfs"
    case 0x1cd1: "devpts"
    case 0x27_e0eb: "cgroup"
    case 0x6367_7270: "cgroup2"
    case 0x6462_6720: "debugfs"
    case 0x7472_6163: "tracefs"
    case 0x7363_6673: "securityfs"
    case 0xf97c_ff8c: "selinuxfs"
    case 0x4341_5d53: "smackfs"
    case 0x5a3c_69f0: "apparmorfs"
    case 0xcafe_4a11: "bpf"
    case 0x6165_676c: "pstore"
    case 0xde5e_81e4: "efivarfs"
    case 0x6265_6570: "configfs"
    case 0x1980_0202: "mqueue"
    case 0x9584_58f6: "hugetlbfs"
    case 0x4249_4e4d: "binfmt_misc"
    case 0x6e73_6673: "nsfs"
    case 0x6759_6969: "rpc_pipefs"
    case 0x6e66_7364: "nfsd"
    case 0x0187: "autofs"
    case 0x6573_5543: "fusectl"
    case 0x6969: "nfs"
    case 0xff53_4d42: "cifs"
    case 0xfe53_4d42: "smb3"
    case 0x517b: "smbfs"
    case 0x564c: "ncpfs"
    case 0x5346_414f, 0x6b41_4653: "afs"
    case 0x7375_7245: "coda"
    case 0x0102_1997: "9p"
    case 0x786f_4256: "vboxsf"
    case 0xbacb_acbc: "vmhgfs"
    case 0x00c3_6400: "ceph"
    case 0x0bd0_0bd0: "lustre"
    case 0x4750_4653: "gpfs"
    case 0x2003_0528: "orangefs"
    case 0x0116_1970: "gfs2"
    case 0x7461_636f: "ocfs2"
    case 0x6573_5546: "fuse"
    case 0x794c_7630: "overlay"
    case 0x6175_6673: "aufs"
    case 0xf15f: "ecryptfs"
    case 0x0102_1994: "tmpfs"
    case 0x8584_58f6: "ramfs"
    case 0xef53: "ext4"
    case 0x9123_683e: "btrfs"
    case 0x5846_5342: "xfs"
    default: "0x" + String(magic, radix: 16)
    }
  }
}
