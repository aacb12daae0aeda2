/// The few calls of OpenSSL's libcrypto that are needed.
///
/// libcurl4-openssl-dev brings libcrypto.so.3 but not its headers, so these are declared here, as
/// EVP_Digest(3) does; they have been stable since OpenSSL 1.1.
#ifndef METERBRIDGE_CCRYPTO_SHIM_H
#define METERBRIDGE_CCRYPTO_SHIM_H

#include <stddef.h>

typedef struct evp_md_st EVP_MD;
typedef struct engine_st ENGINE;

const EVP_MD *EVP_sha256(void);
int EVP_Digest(const void *data, size_t count, unsigned char *digest, unsigned int *size,
               const EVP_MD *type, ENGINE *engine);

#endif
