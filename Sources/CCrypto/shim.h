/// The few calls of OpenSSL's libcrypto that are needed.
///
/// libcurl4-openssl-dev brings libcrypto.so.3 but not its headers, so these are declared here, as
/// EVP_Digest(3), EVP_EncryptInit(3), HMAC(3), EVP_PBE_scrypt(3), CRYPTO_memcmp(3) and
/// OPENSSL_cleanse(3) do; they have been stable since OpenSSL 1.1.
#ifndef METERBRIDGE_CCRYPTO_SHIM_H
#define METERBRIDGE_CCRYPTO_SHIM_H

#include <stddef.h>
#include <stdint.h>

typedef struct evp_md_st EVP_MD;
typedef struct engine_st ENGINE;

const EVP_MD *EVP_sha256(void);
int EVP_Digest(const void *data, size_t count, unsigned char *digest, unsigned int *size,
               const EVP_MD *type, ENGINE *engine);

typedef struct evp_cipher_st EVP_CIPHER;
typedef struct evp_cipher_ctx_st EVP_CIPHER_CTX;

enum { METERBRIDGE_GCM_GET_TAG = 0x10, METERBRIDGE_GCM_SET_TAG = 0x11 };

const EVP_CIPHER *EVP_aes_256_gcm(void);
EVP_CIPHER_CTX *EVP_CIPHER_CTX_new(void);
void EVP_CIPHER_CTX_free(EVP_CIPHER_CTX *context);
int EVP_CIPHER_CTX_ctrl(EVP_CIPHER_CTX *context, int type, int count, void *data);
int EVP_CipherInit_ex(EVP_CIPHER_CTX *context, const EVP_CIPHER *type, ENGINE *engine,
                      const unsigned char *key, const unsigned char *nonce, int encrypts);
int EVP_CipherUpdate(EVP_CIPHER_CTX *context, unsigned char *out, int *size,
                     const unsigned char *in, int count);
int EVP_CipherFinal_ex(EVP_CIPHER_CTX *context, unsigned char *out, int *size);

const char *OpenSSL_version(int type);

unsigned char *HMAC(const EVP_MD *type, const void *key, int keyCount, const unsigned char *data,
                    size_t count, unsigned char *code, unsigned int *size);

int EVP_PBE_scrypt(const char *password, size_t passwordCount, const unsigned char *salt,
                   size_t saltCount, uint64_t n, uint64_t r, uint64_t p, uint64_t mostMemory,
                   unsigned char *key, size_t keyCount);

int CRYPTO_memcmp(const void *one, const void *other, size_t count);
void OPENSSL_cleanse(void *memory, size_t count);

#endif
