/// What Store needs of the machine that Swift does not give: the processor's own CRC-32C, and
/// memrchr(3), which glibc declares under _GNU_SOURCE only.
#ifndef METERBRIDGE_CHECKSUM_H
#define METERBRIDGE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/// The state of a CRC-32C after some more bytes; the state of none is all ones.
uint32_t meterbridge_crc32c(uint32_t state, const void *bytes, size_t count);

void *memrchr(const void *bytes, int byte, size_t count);

#endif
