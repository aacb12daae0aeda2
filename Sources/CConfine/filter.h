/// The filter of system calls.
#ifndef METERBRIDGE_FILTER_H
#define METERBRIDGE_FILTER_H

#include <linux/filter.h>

/// Makes the filter of a process, which may send signals to itself only; 0 if there is none for this
/// kind of processor.
unsigned short meterbridge_filter(struct sock_filter *code, int network, int threads,
                                  unsigned int process);

/// More instructions than any filter has: 8 for each checked call, 3 for each word, and 20.
enum { METERBRIDGE_FILTER_SIZE = 200 };

#endif
