/// System calls that Swift's Glibc module omits.
#ifndef METERBRIDGE_CLINUX_SHIM_H
#define METERBRIDGE_CLINUX_SHIM_H

#include <malloc.h>
#include <spawn.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* glibc declares these only under _GNU_SOURCE, which Swift does not define. They create descriptors
   that are closed on exec; a later fcntl would leak them into a child that another thread starts. */
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
int pidfd_open(pid_t process, unsigned int flags);
int pipe2(int descriptors[2], int flags);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
const char *gnu_get_libc_version(void);
void explicit_bzero(void *memory, size_t length);
void *memmem(const void *text, size_t length, const void *part, size_t partLength);
int unshare(int flags);
int prlimit(pid_t process, __rlimit_resource_t resource, const struct rlimit *limit,
            struct rlimit *former);

#endif
