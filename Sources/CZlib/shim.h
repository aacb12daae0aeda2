/// The few calls of zlib that are needed.
///
/// libcurl brings libz.so.1 but not its header, so they are declared here, as zlib.h does.
#ifndef METERBRIDGE_CZLIB_SHIM_H
#define METERBRIDGE_CZLIB_SHIM_H

const char *zlibVersion(void);
unsigned long crc32(unsigned long crc, const unsigned char *bytes, unsigned int count);
unsigned long compressBound(unsigned long count);
int compress2(unsigned char *target, unsigned long *size, const unsigned char *source,
              unsigned long count, int level);

#endif
