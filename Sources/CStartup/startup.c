#define _GNU_SOURCE
#include "CStartup.h"

#include <signal.h>

#if defined(__linux__) && defined(__ELF__)
#include <sched.h>

static cpu_set_t cores;
static int known;

/// Runs before any shared library is initialised.
static void take_one_core(void) {
  known = sched_getaffinity(0, sizeof cores, &cores) == 0;
  if (!known) return;
  for (int core = 0; core < CPU_SETSIZE; core++) {
    if (!CPU_ISSET(core, &cores)) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    sched_setaffinity(0, sizeof one, &one);
    return;
  }
}

__attribute__((section(".preinit_array"), used)) static void (*const before_libraries)(void) = take_one_core;

static void give_cores_back(void) {
  if (known) sched_setaffinity(0, sizeof cores, &cores);
}
#else
static void give_cores_back(void) {}
#endif

void tessera_startup(void) {
  give_cores_back();
  // A file that grows beyond the shell's limit is a failed write with a reason, not the program's end.
  signal(SIGXFSZ, SIG_IGN);
}
