#pragma once

// The few system calls and constants that Swift's Glibc overlay does not spell.
//
// This header must not define _GNU_SOURCE: the module would clash with the overlay's. Constants
// that glibc keeps behind it have names of their own. Every function returns a negative errno
// where the call failed, so that no caller depends on errno surviving until it is looked at.

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// open(2); the same on every architecture that Swift has.
static const int32_t linux_o_path = 010000000;
static const int32_t linux_o_noatime = 01000000;
// openat2(2)
static const uint64_t linux_resolve_no_magiclinks = 0x02;
static const uint64_t linux_resolve_no_symlinks = 0x04;
static const uint64_t linux_resolve_in_root = 0x10;

/// openat(2), close-on-exec, repeated when a signal came in between.
static inline int32_t linux_openat(int32_t directory, const char *path, int32_t flags) {
  int fd;
  do {
    fd = openat(directory, path, flags | O_CLOEXEC);
  } while (fd < 0 && errno == EINTR);
  return fd < 0 ? -errno : fd;
}

/// openat2(2), close-on-exec; -ENOSYS before Linux 5.6 and where the headers did not know it.
static inline int32_t linux_openat2(
    int32_t directory, const char *path, int32_t flags, uint64_t resolve) {
#ifdef SYS_openat2
  struct {
    uint64_t flags, mode, resolve;
  } how = {(uint64_t)(uint32_t)(flags | O_CLOEXEC), 0, resolve};
  long fd;
  do {
    fd = syscall(SYS_openat2, directory, path, &how, sizeof how);
  } while (fd < 0 && errno == EINTR);
  return fd < 0 ? -errno : (int32_t)fd;
#else
  (void)directory, (void)path, (void)flags, (void)resolve;
  return -ENOSYS;
#endif
}

static inline void linux_close(int32_t fd) { (void)close(fd); }

/// getdents64(2): records of d_ino (8 bytes), d_off (8), d_reclen (2), d_type (1), d_name.
static inline int64_t linux_getdents(int32_t fd, void *buffer, size_t size) {
  long count = syscall(SYS_getdents64, fd, buffer, size);
  return count < 0 ? -errno : count;
}

/// lstat(2) relative to a directory; does not set off an automount.
static inline int32_t linux_lstat_at(int32_t directory, const char *name, struct stat *status) {
  const int no_automount = 0x800;
  return fstatat(directory, name, status, AT_SYMLINK_NOFOLLOW | no_automount) < 0 ? -errno : 0;
}

/// fstat(2); works for descriptors of O_PATH too.
static inline int32_t linux_fstat(int32_t fd, struct stat *status) {
  return fstat(fd, status) < 0 ? -errno : 0;
}

/// f_type of fstatfs(2), or a negative errno; magic numbers are at most 32 bits wide.
static inline int64_t linux_file_system_magic(int32_t fd) {
  struct statfs status;
  return fstatfs(fd, &status) < 0 ? -errno : (int64_t)(uint32_t)status.f_type;
}

/// readlinkat(2); with an empty path, of the link that the descriptor itself is open on.
static inline int64_t linux_readlink_at(
    int32_t directory, const char *path, char *buffer, size_t size) {
  ssize_t count = readlinkat(directory, path, buffer, size);
  return count < 0 ? -errno : count;
}

/// read(2), repeated when a signal came in between.
static inline int64_t linux_read(int32_t fd, void *buffer, size_t size) {
  ssize_t count;
  do {
    count = read(fd, buffer, size);
  } while (count < 0 && errno == EINTR);
  return count < 0 ? -errno : count;
}

extern char **environ;

/// Starts a program found on PATH with these as its standard input and output; its process id, or a
/// negative errno.
static inline int32_t linux_spawn(char *const arguments[], int32_t input, int32_t output) {
  posix_spawn_file_actions_t actions;
  pid_t process = 0;
  int failure = posix_spawn_file_actions_init(&actions);
  if (failure) return -failure;
  posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  failure = posix_spawnp(&process, arguments[0], &actions, NULL, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  return failure ? -failure : process;
}

/// A pipe whose ends no other program inherits.
static inline int32_t linux_pipe(int32_t ends[2]) {
  if (pipe(ends) < 0) return -errno;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  return 0;
}

/// Waits for a process: its exit status, 128 and the signal that ended it, or a negative errno.
static inline int32_t linux_wait(int32_t process) {
  int status = 0;
  pid_t found;
  do {
    found = waitpid(process, &status, 0);
  } while (found < 0 && errno == EINTR);
  if (found < 0) return -errno;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Columns of the terminal that a descriptor is open on; 0 if it is none or does not say.
static inline int32_t linux_terminal_columns(int32_t fd) {
  struct winsize size;
  return ioctl(fd, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_col;
}

/// Whether the descriptor is open on a terminal.
static inline int32_t linux_is_terminal(int32_t fd) { return isatty(fd); }

/// Whether the kernel's clock follows another one, and how wrong it is at most.
typedef struct {
  int32_t is_synchronised;
  int64_t error_microseconds;
} linux_clock;

/// adjtimex(2), which changes nothing here; 0, or a negative errno.
int32_t linux_read_clock(linux_clock *clock);
