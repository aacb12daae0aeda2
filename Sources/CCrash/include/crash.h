/// Notes, at a fault of this process, which work the faulting thread was doing. Only C can: a signal
/// handler may neither allocate nor enter Swift's runtime.
#ifndef METERBRIDGE_CRASH_H
#define METERBRIDGE_CRASH_H

#include <stddef.h>

/// From now on, a fault (SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE or SIGABRT) appends the name of the
/// faulting thread's work and a line end to a file; then the process ends as it would without this.
/// Returns 0, or an errno if the file cannot be opened.
int meterbridge_note_crashes(const char *path);

/// Names the work of this thread; no name ends it. Names are cut at 127 bytes.
void meterbridge_begin_work(const char *name, size_t length);

#endif
