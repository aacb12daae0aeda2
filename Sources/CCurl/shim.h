/// libcurl for Swift, which imports no variadic C: one inline function for each type of argument.
#ifndef METERBRIDGE_CCURL_SHIM_H
#define METERBRIDGE_CCURL_SHIM_H

#include <curl/curl.h>

typedef size_t (*meterbridge_data_callback)(char *, size_t, size_t, void *);
typedef int (*meterbridge_start_callback)(void *, char *, char *, int, int);
typedef curl_socket_t (*meterbridge_socket_callback)(void *, curlsocktype, struct curl_sockaddr *);

static inline CURLcode meterbridge_setopt_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode meterbridge_setopt_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode meterbridge_setopt_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode meterbridge_setopt_callback(CURL *handle, CURLoption option,
                                                   meterbridge_data_callback value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode meterbridge_setopt_start(CURL *handle, CURLoption option,
                                                meterbridge_start_callback value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode meterbridge_setopt_socket(CURL *handle, CURLoption option,
                                                 meterbridge_socket_callback value) {
  return curl_easy_setopt(handle, option, value);
}

/* The address that curl is about to connect to: its struct ends in storage that Swift does not see. */
static inline const struct sockaddr *meterbridge_sockaddr(const struct curl_sockaddr *address) {
  return &address->addr;
}

static inline CURLcode meterbridge_getinfo_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode meterbridge_getinfo_double(CURL *handle, CURLINFO info, double *value) {
  return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode meterbridge_multi_setopt_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

static inline const char *meterbridge_curl_version(void) {
  return curl_version_info(CURLVERSION_NOW)->version;
}

#endif
