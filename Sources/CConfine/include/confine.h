/// Starts programs that can do no harm: Landlock, seccomp, limits and no capabilities, all in force
/// before exec.
#ifndef METERBRIDGE_CONFINE_H
#define METERBRIDGE_CONFINE_H

#include <stddef.h>
#include <sys/types.h>

/// The path of a file or folder, and what may be done with it.
struct meterbridge_path {
  const char *path;
  /// Whether the file, or each file in the folder, may be executed and not only read.
  int executes;
};

/// How a program is started.
struct meterbridge_launch {
  const char *path;
  /// The descriptors that become 0, 1 and 2; no others stay open.
  int input, output, error;
  /// The most writable memory and the size of the largest file, in bytes; 0 limits neither.
  unsigned long memory, file_size;
  /// Whether the program is confined; the rest applies only then.
  int confines;
  /// Whether it may open sockets, and start threads.
  int network, threads;
  /// What it may open; all else is refused where the kernel has Landlock.
  const struct meterbridge_path *paths;
  size_t path_count;
};

/// Where a start failed.
enum meterbridge_stage {
  CONFINE_STAGE_PROCESS = 1,
  CONFINE_STAGE_RULES,
  CONFINE_STAGE_DESCRIPTORS,
  CONFINE_STAGE_LIMITS,
  CONFINE_STAGE_PRIVILEGES,
  CONFINE_STAGE_LANDLOCK,
  CONFINE_STAGE_FILTER,
  CONFINE_STAGE_EXECUTE,
};

/// Starts a program with an empty environment and no arguments, as the leader of a process group.
///
/// Returns 0 and the process, or an error of errno.h and its stage.
int meterbridge_launch(const struct meterbridge_launch *launch, pid_t *process,
                       enum meterbridge_stage *stage);

/// Makes this process leave no core file, and keeps its memory from other processes of the user.
void meterbridge_hide(void);

/// Whether ``meterbridge_hide`` is in force.
int meterbridge_is_hidden(void);

/// Makes this process the parent of its descendants whose parents end.
void meterbridge_adopt_orphans(void);

/// The version of Landlock's interface that the kernel has; 0 without Landlock.
int meterbridge_landlock_version(void);

/// Whether the kernel filters system calls for this kind of processor.
int meterbridge_has_seccomp(void);

#endif
