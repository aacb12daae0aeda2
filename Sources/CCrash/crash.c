#define _GNU_SOURCE
#include "crash.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const int faults[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
enum { count = sizeof faults / sizeof *faults };

static struct sigaction former[count];
static int notes = -1;

/// The lines of the file that shows the work under way.
static _Atomic(char *) shown;
enum { line = meterbridge_work_line, lines = meterbridge_work_lines };

static __thread char work[128];
static __thread size_t work_length;
/// The line that shows the work of this thread; null for none.
static __thread char *work_line;
/// The stack of the handler: a fault may be that the thread's own stack is full.
static __thread char stack[16384];
static __thread int has_stack;

/// Whether a fault was that the file of the work under way has no such page any more, since the disk is
/// full or somebody cut the file. Then the work is shown nowhere, and goes on.
static int is_lost_page(int signal, const siginfo_t *info) {
  char *first = atomic_load(&shown), *address = info->si_addr;
  if (signal != SIGBUS || info->si_code <= 0 || first == NULL) return 0;
  if (address < first || address >= first + line * lines) return 0;
  return mmap(first, line * lines, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
              0) != MAP_FAILED;
}

static void note(int signal, siginfo_t *info, void *context) {
  (void)context;
  int number = errno;
  if (is_lost_page(signal, info)) {
    errno = number;
    return;
  }
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
  int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
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

int meterbridge_show_work(int file) {
  char *first = mmap(NULL, line * lines, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (first == MAP_FAILED) return errno;
  // The lines of an earlier call stay mapped: threads may be writing there.
  atomic_store(&shown, first);
  return 0;
}

/// Takes a free line, and copies the name to it. The first byte of a line says whether it is taken.
static void show(const char *name, size_t length) {
  static __thread unsigned latest;
  char *first = atomic_load(&shown);
  if (first == NULL) return;
  for (unsigned tried = 0; tried < lines; tried++) {
    unsigned index = (latest + tried) % lines;
    char *place = first + index * line, is_free = ' ';
    if (!atomic_compare_exchange_strong((_Atomic char *)place, &is_free, '+')) continue;
    if (length > line - 2) length = line - 2;
    memcpy(place + 1, name, length);
    memset(place + 1 + length, ' ', line - 2 - length);
    work_line = place;
    latest = index;
    return;
  }
}

void meterbridge_begin_work(const char *name, size_t length) {
  if (!has_stack && length > 0) {
    stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack}, present;
    // A thread that has one already keeps it.
    if (sigaltstack(NULL, &present) == 0 && (present.ss_flags & SS_DISABLE))
      sigaltstack(&alternative, NULL);
    has_stack = 1;
  }
  if (work_line != NULL) {
    atomic_store((_Atomic char *)work_line, ' ');
    work_line = NULL;
  }
  work_length = 0;
  if (length == 0) return;
  show(name, length);
  if (length > sizeof work - 1) length = sizeof work - 1;
  memcpy(work, name, length);
  work_length = length;
}
