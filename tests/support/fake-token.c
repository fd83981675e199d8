/*
 * A PKCS#11 module that misbehaves as real ones do. It passes everything on to another module (FAKE_TOKEN_MODULE, SoftHSM2 in the tests) and
 * spoils what FAKE_TOKEN_BEHAVIOUR names (words separated by blanks). FAKE_TOKEN_STATE is a file that holds "wrong logins" between
 * processes, as a real token holds them between programs.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pkcs11.h"

static CK_FUNCTION_LIST *real;
static CK_FUNCTION_LIST ours;
static int signatures, context_login, was_out;

static int behaves(const char *word) {
  const char *all = getenv("FAKE_TOKEN_BEHAVIOUR");
  size_t length = strlen(word);
  for (const char *at = all ? strstr(all, word) : NULL; at; at = strstr(at + 1, word)) {
    char end = at[length];
    if ((at == all || at[-1] == ' ') && (end == 0 || end == ' ')) return 1;
  }
  return 0;
}

static void hang(void) {
  for (;;) pause();
}

static void read_state(int *wrong, int *logins) {
  *wrong = *logins = 0;
  FILE *file = fopen(getenv("FAKE_TOKEN_STATE"), "r");
  if (!file) return;
  if (fscanf(file, "%d %d", wrong, logins) != 2) *wrong = *logins = 0;
  fclose(file);
}

static void write_state(int wrong, int logins) {
  FILE *file = fopen(getenv("FAKE_TOKEN_STATE"), "w");
  if (!file) abort();
  fprintf(file, "%d %d", wrong, logins);
  fclose(file);
}

/*
 * FAKE_TOKEN_VANISHES_AFTER says after how many signatures of this process. FAKE_TOKEN_PULLED names a file that says so too, and from then on
 * holds 0: the token is out for every process, until the file goes. Where the file FAKE_TOKEN_OTHER is, another token has come in its place;
 * where FAKE_TOKEN_PIN_CHANGED is, its PIN has been changed elsewhere.
 */
static int gone(void) {
  const char *after = getenv("FAKE_TOKEN_VANISHES_AFTER");
  if (after) return signatures >= atoi(after);
  const char *pulled = getenv("FAKE_TOKEN_PULLED");
  FILE *file = pulled ? fopen(pulled, "r+") : NULL;
  if (!file) return 0;
  int allowed = 0;
  if (fscanf(file, "%d", &allowed) != 1) allowed = 0;
  int out = signatures >= allowed;
  if (out) {
    was_out = 1;
    rewind(file);
    fputc('0', file);
  }
  fclose(file);
  return out;
}

/* FAKE_TOKEN_REFUSES_VARIABLE names a variable that should not have come as far as this process. */
static CK_RV initialize(CK_VOID_PTR arguments) {
  const char *refused = getenv("FAKE_TOKEN_REFUSES_VARIABLE");
  if (refused && getenv(refused)) return CKR_GENERAL_ERROR;
  if (behaves("crash-initialize")) abort();
  if (behaves("hang-initialize")) hang();
  if (behaves("fails-to-initialize")) return CKR_DEVICE_ERROR;
  CK_RV result = real->C_Initialize(arguments);
  return behaves("already-initialized") ? CKR_CRYPTOKI_ALREADY_INITIALIZED : result;
}

static CK_RV finalize(CK_VOID_PTR reserved) {
  if (behaves("hang-finalize")) hang();
  if (behaves("crash-finalize")) abort();
  return real->C_Finalize(reserved);
}

static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
  if (gone()) {
    *count = 0;
    return CKR_OK;
  }
  return real->C_GetSlotList(present, slots, count);
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  if (gone()) return CKR_TOKEN_NOT_PRESENT;
  CK_RV result = real->C_GetTokenInfo(slot, info);
  if (result != CKR_OK) return result;
  int wrong, logins;
  read_state(&wrong, &logins);
  info->flags &= ~(CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED);
  if (behaves("locks")) {
    if (wrong == 1) info->flags |= CKF_USER_PIN_COUNT_LOW;
    if (wrong == 2) info->flags |= CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY;
    if (wrong >= 3) info->flags |= CKF_USER_PIN_LOCKED;
  }
  const char *other = getenv("FAKE_TOKEN_OTHER");
  if (other && access(other, F_OK) == 0) memset(info->serialNumber, '9', sizeof info->serialNumber);
  if (behaves("pin-pad")) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  if (behaves("pin-not-set")) info->flags &= ~CKF_USER_PIN_INITIALIZED;
  return CKR_OK;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  const char *typed = getenv("FAKE_TOKEN_PIN_ON_READER");
  if (behaves("prints-pin")) {
    fprintf(stdout, "PIN %.*s\n", (int)length, pin);
    fprintf(stderr, "PIN %.*s\n", (int)length, pin);
    fflush(stdout);
  }
  if (behaves("crash-login")) abort();
  /* A token that was out has forgotten its login; the one behind was never told. */
  if (was_out) real->C_Logout(session);
  was_out = 0;
  if (behaves("hang-login")) hang();
  int wrong, logins;
  read_state(&wrong, &logins);
  write_state(wrong, logins + 1);
  if (user == CKU_CONTEXT_SPECIFIC) {
    if (behaves("hang-context-login")) hang();
    if (behaves("slow-context-login")) sleep(2);
    if (behaves("refuses-context-login")) return CKR_GENERAL_ERROR;
    if (length == 0 && !typed) return CKR_PIN_INCORRECT;
    context_login = 1;
    return CKR_OK;
  }
  if (behaves("logged-in-elsewhere")) {
    if (real->C_Login(session, user, (CK_UTF8CHAR_PTR)typed, strlen(typed)) != CKR_OK) abort();
    return CKR_USER_ALREADY_LOGGED_IN;
  }
  if (behaves("cancelled-on-reader")) return CKR_FUNCTION_CANCELED;
  if (behaves("locks") && wrong >= 3) return CKR_PIN_LOCKED;
  const char *changed = getenv("FAKE_TOKEN_PIN_CHANGED");
  CK_RV result;
  if (changed && access(changed, F_OK) == 0) result = CKR_PIN_INCORRECT;
  else if (typed) result = real->C_Login(session, user, (CK_UTF8CHAR_PTR)typed, strlen(typed));
  else result = real->C_Login(session, user, pin, length);
  if (result == CKR_PIN_INCORRECT) {
    write_state(wrong + 1, logins + 1);
    if (behaves("general-error")) return CKR_GENERAL_ERROR;
    return behaves("locks") && wrong + 1 >= 3 ? CKR_PIN_LOCKED : result;
  }
  if (result == CKR_OK) write_state(0, logins + 1);
  return result;
}

/* On a reader with keys both PINs are typed there: what the program hands over is looked at by nobody. */
static CK_RV set_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR old, CK_ULONG old_length, CK_UTF8CHAR_PTR new,
                     CK_ULONG new_length) {
  if (behaves("cannot-change-pin")) return CKR_FUNCTION_NOT_SUPPORTED;
  if (behaves("refuses-new-pin")) return CKR_PIN_INVALID;
  const char *typed = getenv("FAKE_TOKEN_PIN_ON_READER"), *typed_new = getenv("FAKE_TOKEN_NEW_PIN_ON_READER");
  if (typed && typed_new)
    return real->C_SetPIN(session, (CK_UTF8CHAR_PTR)typed, strlen(typed), (CK_UTF8CHAR_PTR)typed_new, strlen(typed_new));
  return real->C_SetPIN(session, old, old_length, new, new_length);
}

static CK_RV get_mechanism_list(CK_SLOT_ID slot, CK_MECHANISM_TYPE_PTR list, CK_ULONG_PTR count) {
  if (!behaves("bare-mechanisms")) return real->C_GetMechanismList(slot, list, count);
  static const CK_MECHANISM_TYPE bare[] = {CKM_RSA_PKCS};
  if (list) memcpy(list, bare, sizeof bare);
  *count = sizeof bare / sizeof *bare;
  return CKR_OK;
}

static CK_RV get_attribute_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR attributes,
                                 CK_ULONG count) {
  if (count == 1 && attributes->type == CKA_ALWAYS_AUTHENTICATE && behaves("always-authenticate")) {
    if (attributes->pValue) *(CK_BBOOL *)attributes->pValue = CK_TRUE;
    attributes->ulValueLen = sizeof(CK_BBOOL);
    return CKR_OK;
  }
  if (count == 1 && attributes->type == CKA_MODULUS && behaves("hides-modulus")) return CKR_ATTRIBUTE_SENSITIVE;
  return real->C_GetAttributeValue(session, object, attributes, count);
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  context_login = 0;
  if (behaves("refuses-hashing") && mechanism->mechanism != CKM_RSA_PKCS) return CKR_MECHANISM_INVALID;
  return real->C_SignInit(session, mechanism, key);
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG data_length, CK_BYTE_PTR signature,
                  CK_ULONG_PTR length) {
  if (behaves("hang-sign")) hang();
  if (behaves("crash-sign")) abort();
  if (behaves("slow-sign")) sleep(1);
  if (gone()) return CKR_DEVICE_REMOVED;
  if (behaves("always-authenticate") && !context_login) return CKR_USER_NOT_LOGGED_IN;
  if (behaves("lying-lengths") && !signature) {
    *length = (CK_ULONG)-1;
    return CKR_OK;
  }
  CK_RV result = real->C_Sign(session, data, data_length, signature, length);
  if (result != CKR_OK || !signature) return result;
  signatures += 1;
  if (behaves("wrong-signature")) signature[7] ^= 1;
  if (behaves("lying-lengths")) *length = 0xfffffff0;
  if (behaves("reports-zero-length")) *length = 0;
  return result;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  void *library = dlopen(getenv("FAKE_TOKEN_MODULE"), RTLD_NOW | RTLD_LOCAL);
  if (!library) return CKR_GENERAL_ERROR;
  CK_C_GetFunctionList get = (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList");
  if (!get || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
  ours = *real;
  ours.C_Initialize = initialize;
  ours.C_Finalize = finalize;
  ours.C_GetSlotList = get_slot_list;
  ours.C_GetTokenInfo = get_token_info;
  ours.C_Login = login;
  ours.C_SetPIN = set_pin;
  ours.C_GetMechanismList = get_mechanism_list;
  ours.C_GetAttributeValue = get_attribute_value;
  ours.C_SignInit = sign_init;
  ours.C_Sign = sign;
  *list = &ours;
  return CKR_OK;
}
