/* Long tables as FRR shows them: twins of functions of bgp.show.lines, and texts of AS paths. */
#include "attributes.h"
#include "entries.h"
#include "store.h"
#include "text.h"

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

/* Writes what a table shows for an entry, with the key in it; 0 for what the pure twin has to do. */
typedef int (*row_writer)(struct text *text, uint64_t key, PyObject *entry, void *how);

/* All rows; NULL without an error if there is something that the pure twin has to do. */
static PyObject *
written(PyObject *keys, PyObject *entries, row_writer write, void *how)
{
    if (!PyList_CheckExact(keys) || !PyList_CheckExact(entries) ||
        PyList_GET_SIZE(keys) != PyList_GET_SIZE(entries)) {
        return NULL;
    }
    struct text text = {PyMem_Malloc(1 << 16), 0, 1 << 16};
    int good = 1;
    /* What makes texts is Python, and might change the lists. */
    for (Py_ssize_t i = 0; good && i < PyList_GET_SIZE(keys) && i < PyList_GET_SIZE(entries); i++) {
        uint64_t key = PyLong_AsUnsignedLongLong(PyList_GET_ITEM(keys, i));
        PyObject *entry = Py_NewRef(PyList_GET_ITEM(entries, i));
        good = !(key == (uint64_t)-1 && PyErr_Occurred()) && key >> 38 == 0 &&
               write(&text, key, entry, how);
        Py_DECREF(entry);
    }
    if (!good) {
        PyMem_Free(text.data);
        return NULL;
    }
    return finished(&text);
}

/* What `known` has for an entry: a new reference to a tuple; NULL, maybe with an error set. */
static PyObject *
texts_of(PyObject *known, PyObject *entry)
{
    PyObject *found = PyObject_GetItem(known, entry);
    if (found != NULL && !PyTuple_CheckExact(found)) {
        Py_CLEAR(found);
    }
    return found;
}

static void
append_blanks(struct text *text, size_t count)
{
    static const char blanks[] = "                                                ";
    append(text, blanks, count < sizeof blanks - 1 ? count : sizeof blanks - 1);
}

/* --- rows of entries that differ in their attributes alone ------------------------------------- */

struct columns {
    PyObject *known;
    size_t width;
    PyObject *gap;
    PyObject *alike; /* bgp.show.lines.Known.alike, or NULL */
};

/* What an entry has in common with others, borrowed, and its attributes; NULL for other ones. */
static PyObject *
shared_by(PyObject *entry, Values **values)
{
    static struct { PyTypeObject *type; Py_ssize_t attrs, shared; } sent;
    if (sent.type == NULL) {
        PyObject *found = NULL;
        if (prepare_entries() < 0 || ours(&found, "bgp.rib.announced", "Announced") == NULL) {
            return NULL;
        }
        sent.attrs = slot_offset((PyTypeObject *)found, "attrs");
        sent.shared = slot_offset((PyTypeObject *)found, "_shared");
        if (sent.attrs < 0 || sent.shared < 0) {
            return NULL;
        }
        sent.type = (PyTypeObject *)found;
    }
    PyObject *attrs, *shared;
    if (Py_IS_TYPE(entry, layout.path)) {
        attrs = slot(entry, layout.attrs);
        shared = slot(entry, layout.shared);
    } else if (Py_IS_TYPE(entry, sent.type)) {
        attrs = slot(entry, sent.attrs);
        shared = slot(entry, sent.shared);
    } else {
        return NULL;
    }
    if (attrs == NULL || !PyObject_TypeCheck(attrs, &Values_type) || !is_settled(shared) ||
        !PyBytes_CheckExact(((Values *)attrs)->source)) {
        return NULL;
    }
    *values = (Values *)attrs;
    return shared;
}

/* What `known.alike` has for it, learnt at its first time: a new reference to a tuple of the text
   ahead of the prefix, the next hop, the width of the metric (0: it is no attribute's) and what
   follows; NULL, maybe with an error set. */
static PyObject *
alike_of(const struct columns *columns, PyObject *entry, PyObject *shared)
{
    PyObject *found = Py_XNewRef(PyDict_GetItemWithError(columns->alike, shared));
    if (found == NULL && !PyErr_Occurred()) {
        Py_INCREF(shared);
        found = PyObject_CallMethod(columns->known, "learn", "OO", shared, entry);
        Py_DECREF(shared);
    }
    if (found != NULL && (!PyTuple_CheckExact(found) || PyTuple_GET_SIZE(found) != 4)) {
        Py_CLEAR(found);
    }
    return found;
}

static void
append_right(struct text *text, int there, uint64_t value, size_t width)
{
    char digits[20];
    size_t size = there ? (size_t)(put_number(digits, value) - digits) : 0;
    append_blanks(text, size < width ? width - size : 0);
    append(text, digits, size);
}

/* The AS path, where that is one sequence or none, and the origin; 0 for other paths. */
static int
append_path(struct text *text, const Values *values)
{
    const unsigned char *at = (unsigned char *)PyBytes_AS_STRING(values->source);
    const unsigned char *end = at + PyBytes_GET_SIZE(values->source);
    Attribute one = {0};
    while (values->present & BIT(AS_PATH) && next_attribute(&at, end, &one) && one.code != 2) {
    }
    Py_ssize_t size = one.code == 2 ? size_of(&one) : 0;
    if (values->origin > 2 ||
        (size && (size < 2 || one.value[0] != 2 || size != 2 + 4 * one.value[1]))) {
        return 0;
    }
    for (Py_ssize_t i = 2; i < size; i += 4) {
        APPEND(text, " ");
        append_number(text, read_u32(one.value + i));
    }
    const char origin[] = {' ', "ie?"[values->origin], '\n'};
    append(text, origin, sizeof origin);
    return 1;
}

static int
append_prefix(struct text *text, uint64_t key, const struct columns *columns)
{
    char prefix[20];
    size_t address, size = put_prefix(prefix, key, &address);
    append(text, prefix, size);
    if (size < columns->width) {
        append_blanks(text, columns->width - size);
        return 1;
    }
    return append_str(text, columns->gap);
}

/* 1 if the line was written; 0 for lines of another kind; -1 with an error set. */
static int
write_alike(struct text *text, uint64_t key, PyObject *entry, const struct columns *columns)
{
    Values *values;
    PyObject *shared = shared_by(entry, &values);
    PyObject *texts = shared == NULL ? NULL : alike_of(columns, entry, shared);
    size_t before = text->size;
    int good = texts != NULL && shared_by(entry, &values) == shared &&
               append_str(text, PyTuple_GET_ITEM(texts, 0)) &&
               append_prefix(text, key, columns) && append_str(text, PyTuple_GET_ITEM(texts, 1));
    if (good) {
        size_t width = PyLong_AsSize_t(PyTuple_GET_ITEM(texts, 2));
        if (width && width < 48) {
            append_right(text, values->present & BIT(MED), values->med, width);
            append_right(text, values->present & BIT(LOCAL_PREF), values->local_pref, 7);
        }
        good = append_str(text, PyTuple_GET_ITEM(texts, 3)) && append_path(text, values);
    }
    if (!good) {
        text->size = before;
    }
    Py_XDECREF(texts);
    return PyErr_Occurred() ? -1 : good;
}

/* --- lines and members -------------------------------------------------------------------------- */

static int
write_line(struct text *text, uint64_t key, PyObject *entry, void *how)
{
    const struct columns *columns = how;
    int done = columns->alike == NULL ? 0 : write_alike(text, key, entry, columns);
    if (done) {
        return done > 0;
    }
    PyObject *pair = texts_of(columns->known, entry);
    int good = pair != NULL && PyTuple_GET_SIZE(pair) == 2 &&
               append_str(text, PyTuple_GET_ITEM(pair, 0)) && append_prefix(text, key, columns) &&
               append_str(text, PyTuple_GET_ITEM(pair, 1));
    Py_XDECREF(pair);
    return good;
}

static PyObject *
table_lines(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count == 5) {
        struct columns columns = {args[2], PyLong_AsSize_t(args[3]), args[4], NULL};
        PyObject *alike = PyObject_GetAttrString(args[2], "alike");
        if (alike != NULL && PyDict_CheckExact(alike)) {
            columns.alike = alike;
        }
        PyErr_Clear(); /* of a table that knows no such entries */
        PyObject *made = columns.width > 48 ? NULL : written(args[0], args[1], write_line, &columns);
        Py_XDECREF(alike);
        if (made != NULL) {
            return made;
        }
        PyErr_Clear(); /* the pure twin makes the error */
    }
    return pure_twin("table_lines", args, count);
}

/* The member of a prefix with these paths: pairs of what stands around the prefix in each. */
static int
append_member(struct text *text, uint64_t key, PyObject *paths, PyObject *versions)
{
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

struct members {
    PyObject *known, *versions;
};

static int
write_member(struct text *text, uint64_t key, PyObject *entry, void *how)
{
    const struct members *members = how;
    PyObject *paths = texts_of(members->known, entry);
    int good = paths != NULL && append_member(text, key, paths, members->versions);
    Py_XDECREF(paths);
    return good;
}

static PyObject *
table_members(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count == 4 && is_store(args[3])) {
        struct members members = {args[2], args[3]};
        PyObject *made = written(args[0], args[1], write_member, &members);
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
