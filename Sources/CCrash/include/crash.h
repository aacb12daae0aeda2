/// Notes, at a fault of this process, which work the faulting thread was doing, and shows what work is
/// under way, for when the process is killed. Only C can: a signal handler may neither allocate nor
/// enter Swift's runtime.
#ifndef METERBRIDGE_CRASH_H
#define METERBRIDGE_CRASH_H

#include <stddef.h>

/// From now on, a fault (SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE or SIGABRT) appends the name of the
/// faulting thread's work and a line end to a file; then the process ends as it would without this.
/// Returns 0, or an errno if the file cannot be opened.
int meterbridge_note_crashes(const char *path);

enum {
  /// The bytes of a line of the file that shows the work under way, with its line end.
  meterbridge_work_line = 64,
  /// The number of its lines.
  meterbridge_work_lines = 1024
};

/// From now on, a file shows the work that is under way: it is mapped into memory, so that it costs no
/// system call, and the kernel keeps what was written when it kills the process. Each line of it must end
/// with a line end and begin with a blank; a line that begins with a plus has the name of work under way.
/// Call ``meterbridge_note_crashes`` before: it also survives a page that cannot be written.
/// Returns 0, or an errno if the file cannot be mapped.
int meterbridge_show_work(int file);

/// Names the work of this thread; no name ends it. Names are cut at 127 bytes, and where they are shown
/// at 62.
void meterbridge_begin_work(const char *name, size_t length);

#endif
