/* Texts that grow by pieces. */
#ifndef BGP_SPEED_TEXT_H
#define BGP_SPEED_TEXT_H

#include "speed.h"

/* A text that grows; once memory is out, `data` is NULL. */
struct text {
    char *data;
    size_t size, room;
};

static inline void
append(struct text *text, const char *data, size_t size)
{
    if (text->data != NULL && text->room - text->size < size) {
        text->room = 2 * text->room + size;
        char *larger = PyMem_Realloc(text->data, text->room);
        if (larger == NULL) {
            PyMem_Free(text->data);
        }
        text->data = larger;
    }
    if (text->data != NULL) {
        memcpy(text->data + text->size, data, size);
        text->size += size;
    }
}

#define APPEND(text, literal) append(text, literal, sizeof(literal) - 1)

static inline char *
put_number(char *at, uint64_t value)
{
    char digits[20];
    unsigned count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    while (count) {
        *at++ = digits[--count];
    }
    return at;
}

static inline void
append_number(struct text *text, uint64_t value)
{
    char digits[20];
    append(text, digits, (size_t)(put_number(digits, value) - digits));
}

/* Appends a str of ASCII; 0 if it is something else. */
static inline int
append_str(struct text *text, PyObject *str)
{
    if (!PyUnicode_Check(str) || !PyUnicode_IS_COMPACT_ASCII(str)) {
        return 0;
    }
    append(text, (const char *)PyUnicode_1BYTE_DATA(str), (size_t)PyUnicode_GET_LENGTH(str));
    return 1;
}

#endif
