#define _GNU_SOURCE 1
#include "CLinux.h"

#include <sys/timex.h>

int32_t linux_read_clock(linux_clock *clock) {
  struct timex state = {0};
  int found = adjtimex(&state);
  if (found < 0) return -errno;
  clock->is_synchronised = found != TIME_ERROR && !(state.status & STA_UNSYNC);
  clock->error_microseconds = state.maxerror;
  return 0;
}
