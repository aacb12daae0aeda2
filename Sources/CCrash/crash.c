#define _GNU_SOURCE
#include "crash.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const int faults[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
enum { count = sizeof faults / sizeof *faults };

static struct sigaction former[count];
static int notes = -1;

static __thread char work[128];
static __thread size_t work_length;
/// The stack of the handler: a fault may be that the thread's own stack is full.
static __thread char stack[16384];
static __thread int has_stack;

static void note(int signal, siginfo_t *info, void *context) {
  (void)context;
  int number = errno;
  if (work_length > 0) {
    work[work_length] = '\n';
    // One write to a file that is appended to: lines of two threads do not mix.
    ssize_t written = write(notes, work, work_length + 1);
    (void)written;
    work_length = 0;
  }
  for (int index = 0; index < count; index++)
    if (faults[index] == signal) sigaction(signal, &former[index], NULL);
  // A fault happens again when the handler returns; what another process sent, or abort(3), does not.
  if (info->si_code <= 0) raise(signal);
  errno = number;
}

int meterbridge_note_crashes(const char *path) {
  int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return errno;
  int is_installed = notes >= 0;
  if (is_installed) close(notes);
  notes = file;
  if (is_installed) return 0;
  struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  for (int index = 0; index < count; index++) sigaction(faults[index], &action, &former[index]);
  return 0;
}

void meterbridge_begin_work(const char *name, size_t length) {
  if (!has_stack && length > 0) {
    stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack}, present;
    // A thread that has one already keeps it.
    if (sigaltstack(NULL, &present) == 0 && (present.ss_flags & SS_DISABLE))
      sigaltstack(&alternative, NULL);
    has_stack = 1;
  }
  work_length = 0;
  if (length > sizeof work - 1) length = sizeof work - 1;
  memcpy(work, name, length);
  work_length = length;
}
