// better-sqlite3 keeps references to strings, which Node-API has from version 10 on. Electron 33 has version 9, which
// keeps references to objects only; so here a string is kept inside an array of one.
#pragma once
#include <node_api.h>
#include <unordered_set>

static thread_local std::unordered_set<napi_ref> boxedReferences;

static napi_status create_any_reference(napi_env env, napi_value value, uint32_t count, napi_ref *result) {
  napi_valuetype type;
  napi_status status = napi_typeof(env, value, &type);
  if (status != napi_ok) return status;
  if (type == napi_object || type == napi_function || type == napi_symbol || type == napi_external)
    return napi_create_reference(env, value, count, result);
  napi_value box;
  status = napi_create_array_with_length(env, 1, &box);
  if (status == napi_ok) status = napi_set_element(env, box, 0, value);
  if (status == napi_ok) status = napi_create_reference(env, box, count, result);
  if (status == napi_ok) boxedReferences.insert(*result);
  return status;
}

static napi_status get_any_reference_value(napi_env env, napi_ref reference, napi_value *result) {
  napi_status status = napi_get_reference_value(env, reference, result);
  if (status != napi_ok || *result == nullptr || boxedReferences.count(reference) == 0) return status;
  return napi_get_element(env, *result, 0, result);
}

static napi_status delete_any_reference(napi_env env, napi_ref reference) {
  boxedReferences.erase(reference);
  return napi_delete_reference(env, reference);
}

#define napi_create_reference create_any_reference
#define napi_get_reference_value get_any_reference_value
#define napi_delete_reference delete_any_reference
