#pragma once

#include <stddef.h>
#include <stdint.h>

/// crypt(3) of a phrase with a setting, which may be a whole hash, written to `output` with its
/// end. 0; -ENOSYS where the machine has no libcrypt with crypt_rn(3); -EINVAL where the library
/// does not know the setting's method; -ERANGE where the output is too small.
int32_t crypt_hash(const char *phrase, const char *setting, char *output, size_t size);
