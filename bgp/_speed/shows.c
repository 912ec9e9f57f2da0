/* Long tables as FRR shows them: twins of functions of bgp.show.lines, and texts of AS paths. */
#include "store.h"

/* A text that grows; once memory is out, `data` is NULL. */
struct text {
    char *data;
    size_t size, room;
};

static void
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

/* The text as a str; the memory is given back. */
static PyObject *
finished(struct text *text)
{
    if (text->data == NULL) {
        return PyErr_NoMemory();
    }
    PyObject *made = PyUnicode_New((Py_ssize_t)text->size, 127);
    if (made != NULL) {
        memcpy(PyUnicode_1BYTE_DATA(made), text->data, text->size);
    }
    PyMem_Free(text->data);
    return made;
}

static char *
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

static void
append_number(struct text *text, uint64_t value)
{
    char digits[20];
    append(text, digits, (size_t)(put_number(digits, value) - digits));
}

/* Writes `A.B.C.D/M`, at most 18 characters; gives the length of the address in `address`. */
static size_t
put_prefix(char *into, uint64_t key, size_t *address)
{
    char *at = into;
    for (int shift = 30; shift >= 6; shift -= 8) {
        at = put_number(at, key >> shift & 255);
        *at++ = '.';
    }
    at[-1] = '/';
    *address = (size_t)(at - 1 - into);
    at = put_number(at, key & 63);
    return (size_t)(at - into);
}

/* Appends a str of ASCII; 0 if it is something else. */
static int
append_str(struct text *text, PyObject *str)
{
    if (!PyUnicode_Check(str) || !PyUnicode_IS_COMPACT_ASCII(str)) {
        return 0;
    }
    append(text, (const char *)PyUnicode_1BYTE_DATA(str), (size_t)PyUnicode_GET_LENGTH(str));
    return 1;
}

/* What a table shows for each entry: of `known[entry]`, a pair, the key between. */
typedef int (*row_writer)(struct text *text, uint64_t key, PyObject *pair, void *how);

/* All rows; NULL without an error if there is something that the pure twin has to do. */
static PyObject *
written(PyObject *const *args, row_writer write, void *how)
{
    PyObject *keys = args[0], *entries = args[1], *known = args[2];
    if (!PyList_CheckExact(keys) || !PyList_CheckExact(entries) ||
        PyList_GET_SIZE(keys) != PyList_GET_SIZE(entries)) {
        return NULL;
    }
    struct text text = {PyMem_Malloc(1 << 16), 0, 1 << 16};
    int good = 1;
    for (Py_ssize_t i = 0; good && i < PyList_GET_SIZE(keys); i++) {
        PyObject *entry = PyList_GET_ITEM(entries, i);
        Py_INCREF(entry); /* what makes a pair is Python, and might change the list */
        PyObject *pair = PyObject_GetItem(known, entry);
        Py_DECREF(entry);
        if (pair == NULL || i >= PyList_GET_SIZE(keys)) {
            good = 0;
        } else {
            uint64_t key = PyLong_AsUnsignedLongLong(PyList_GET_ITEM(keys, i));
            good = !(key == (uint64_t)-1 && PyErr_Occurred()) && PyTuple_CheckExact(pair) &&
                   key >> 38 == 0 && write(&text, key, pair, how);
        }
        Py_XDECREF(pair);
    }
    if (!good) {
        PyMem_Free(text.data);
        return NULL;
    }
    return finished(&text);
}

struct columns {
    size_t width;
    PyObject *gap;
};

static int
write_line(struct text *text, uint64_t key, PyObject *pair, void *how)
{
    static const char blanks[] = "                                                ";
    const struct columns *columns = how;
    char prefix[20];
    size_t address, size = put_prefix(prefix, key, &address);
    if (PyTuple_GET_SIZE(pair) != 2 || !append_str(text, PyTuple_GET_ITEM(pair, 0))) {
        return 0;
    }
    append(text, prefix, size);
    if (size < columns->width) {
        append(text, blanks, columns->width - size);
    } else if (!append_str(text, columns->gap)) {
        return 0;
    }
    return append_str(text, PyTuple_GET_ITEM(pair, 1));
}

static PyObject *
table_lines(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count == 5) {
        struct columns columns = {PyLong_AsSize_t(args[3]), args[4]};
        PyObject *made = columns.width > 48 ? NULL : written(args, write_line, &columns);
        if (made != NULL) {
            return made;
        }
        PyErr_Clear(); /* the pure twin makes the error */
    }
    return pure_twin("table_lines", args, count);
}

static int
write_member(struct text *text, uint64_t key, PyObject *paths, void *how)
{
    PyObject *versions = how;
    char prefix[20];
    size_t address, size = put_prefix(prefix, key, &address);
    uint64_t version = 0;
    PyObject *number = PyLong_FromUnsignedLongLong(key);
    PyObject *found = number == NULL ? NULL : store_get(versions, number);
    Py_XDECREF(number);
    if (found != NULL) {
        version = PyLong_AsUnsignedLongLong(found);
        Py_DECREF(found);
    }
    if (PyErr_Occurred()) {
        return 0;
    }
    if (text->size) {
        APPEND(text, "\n,");
    }
    APPEND(text, "\"");
    append(text, prefix, size);
    APPEND(text, "\": [");
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(paths); i++) {
        PyObject *path = PyTuple_GET_ITEM(paths, i);
        if (!PyTuple_CheckExact(path) || PyTuple_GET_SIZE(path) != 2) {
            return 0;
        }
        if (i) {
            APPEND(text, ",");
        }
        APPEND(text, "{");
        if (!append_str(text, PyTuple_GET_ITEM(path, 0))) {
            return 0;
        }
        APPEND(text, ",\"prefix\":\"");
        append(text, prefix, address);
        APPEND(text, "\",\"prefixLen\":");
        append(text, prefix + address + 1, size - address - 1);
        APPEND(text, ",\"network\":\"");
        append(text, prefix, size);
        APPEND(text, "\",\"version\":");
        append_number(text, version);
        APPEND(text, ",");
        if (!append_str(text, PyTuple_GET_ITEM(path, 1))) {
            return 0;
        }
        APPEND(text, "}");
    }
    APPEND(text, "]");
    return 1;
}

static PyObject *
table_members(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count == 4 && is_store(args[3])) {
        PyObject *made = written(args, write_member, args[3]);
        if (made != NULL) {
            return made;
        }
        PyErr_Clear();
    }
    return pure_twin("table_members", args, count);
}

static PyObject *
sequence_text(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count != 1 || !PyBytes_CheckExact(args[0]) || PyBytes_GET_SIZE(args[0]) < 2) {
        return pure_twin("sequence_text", args, count);
    }
    const unsigned char *data = (const unsigned char *)PyBytes_AS_STRING(args[0]);
    char digits[255 * 11], *at = digits;
    if (PyBytes_GET_SIZE(args[0]) != 2 + 4 * data[1]) {
        return pure_twin("sequence_text", args, count);
    }
    for (int i = 0; i < data[1]; i++) {
        at = put_number(at, read_u32(data + 2 + 4 * i));
        *at++ = ' ';
    }
    return PyUnicode_FromStringAndSize(digits, at > digits ? at - digits - 1 : 0);
}

PyMethodDef show_methods[] = {
    {"table_lines", (PyCFunction)(void (*)(void))table_lines, METH_FASTCALL, NULL},
    {"table_members", (PyCFunction)(void (*)(void))table_members, METH_FASTCALL, NULL},
    {"sequence_text", (PyCFunction)(void (*)(void))sequence_text, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};
