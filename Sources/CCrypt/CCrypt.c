#include "CCrypt.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// The library is looked for when it is needed and not linked: it is libcrypt.so.1 on Debian and
// libcrypt.so.2 on Fedora and RHEL, and the same program has to start on both.

typedef char *(*crypt_rn_function)(const char *, const char *, void *, int);

static crypt_rn_function crypt_rn_found;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void find(void) {
  static const char *const names[] = {"libcrypt.so.1", "libcrypt.so.2"};
  for (size_t i = 0; i < sizeof names / sizeof *names && !crypt_rn_found; i++) {
    void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (library) crypt_rn_found = (crypt_rn_function)dlsym(library, "crypt_rn");
  }
}

int32_t crypt_hash(const char *phrase, const char *setting, char *output, size_t size) {
  // sizeof(struct crypt_data), which is part of the library's ABI.
  enum { data_size = 32768 };
  pthread_once(&once, find);
  if (!crypt_rn_found) return -ENOSYS;
  void *data = calloc(1, data_size);
  if (!data) return -ENOMEM;
  const char *hash = crypt_rn_found(phrase, setting, data, data_size);
  int32_t result = 0;
  if (!hash || hash[0] == '*') {
    result = -EINVAL;
  } else if (strlen(hash) >= size) {
    result = -ERANGE;
  } else {
    memcpy(output, hash, strlen(hash) + 1);
  }
  explicit_bzero(data, data_size);
  free(data);
  return result;
}
