/* Attributes that came as they go out: twin of bgp.rib.encoding.retell. */
#include "attributes.h"

/* What may go out, as in bgp.rib.encoding. */
enum { STANDARD_KIND = 1, LARGE_KIND = 2, EXTENDED_KIND = 4, NON_TRANSITIVE = 8 };

/* What is put in. */
typedef struct {
    const unsigned char *prepend, *hop, *reflected;
    Py_ssize_t prepended, hop_size, reflected_size; /* of prepend the numbers, of others the bytes */
    PyObject *med, *local_pref;
    unsigned kinds;
} Changes;

static unsigned char *
put(unsigned char *out, const void *bytes, Py_ssize_t size)
{
    memcpy(out, bytes, (size_t)size);
    return out + size;
}

static unsigned char *
put_head(unsigned char *out, unsigned flags, unsigned code, Py_ssize_t size, int wide)
{
    wide = wide || size > 255;
    *out++ = (unsigned char)(flags | (wide ? 0x10 : 0));
    *out++ = (unsigned char)code;
    if (wide) {
        *out++ = (unsigned char)(size >> 8);
    }
    *out++ = (unsigned char)size;
    return out;
}

static unsigned char *
put_value(unsigned char *out, unsigned flags, const Attribute *one)
{
    if (one->value == NULL) {
        return out;
    }
    return put(put_head(out, flags, one->code, size_of(one), 0), one->value, size_of(one));
}

/* MED or LOCAL_PREF; NULL with an error. */
static unsigned char *
put_number(unsigned char *out, unsigned flags, unsigned code, PyObject *number)
{
    if (number == Py_None) {
        return out;
    }
    unsigned long value = PyLong_AsUnsignedLong(number);
    if (value == (unsigned long)-1 && PyErr_Occurred()) {
        return NULL;
    }
    const unsigned char bytes[] = {(unsigned char)(value >> 24), (unsigned char)(value >> 16),
                                   (unsigned char)(value >> 8), (unsigned char)value};
    return put(put_head(out, flags, code, 4, 0), bytes, 4);
}

/* A path of one sequence, or none, with more numbers in front; NULL for any other. */
static unsigned char *
put_path(unsigned char *out, const Attribute *one, const Changes *changes)
{
    Py_ssize_t size = size_of(one), count = changes->prepended;
    if (size != 0) {
        if (one->value[0] != 2 || 2 + 4 * one->value[1] != size) {
            return NULL;
        }
        count += one->value[1];
    }
    if (count > 255) {
        return NULL;
    }
    out = put_head(out, 0x40, 2, count == 0 ? 0 : 2 + 4 * count, 1);
    if (count != 0) {
        *out++ = 2;
        *out++ = (unsigned char)count;
        out = put(out, changes->prepend, 4 * changes->prepended);
    }
    return size == 0 ? out : put(out, one->value + 2, size - 2);
}

static int by_4(const void *a, const void *b) { return memcmp(a, b, 4); }
static int by_8(const void *a, const void *b) { return memcmp(a, b, 8); }
static int by_12(const void *a, const void *b) { return memcmp(a, b, 12); }

/* Communities of some width, sorted and without doubles; with `transitive` only such. */
static unsigned char *
put_communities(unsigned char *out, const Attribute *one, size_t width, int transitive)
{
    unsigned char *values = out + 4, *end = values;
    int sorted = 1;
    if (one->value == NULL) {
        return out;
    }
    for (const unsigned char *at = one->value; at < one->end; at += width) {
        if (transitive && *at & 0x40) {
            continue;
        }
        sorted &= end == values || memcmp(end - width, at, width) < 0;
        end = put(end, at, (Py_ssize_t)width);
    }
    if (!sorted) {
        qsort(values, (size_t)(end - values) / width, width,
              width == 4 ? by_4 : width == 8 ? by_8 : by_12);
        unsigned char *kept = values;
        for (unsigned char *at = values; at < end; at += width) {
            if (kept == values || memcmp(kept - width, at, width) != 0) {
                memmove(kept, at, width);
                kept += width;
            }
        }
        end = kept;
    }
    if (end == values) {
        return out;
    }
    Py_ssize_t size = end - values;
    out = put_head(out, 0xc0, one->code, size, 0);
    memmove(out, values, (size_t)size);
    return out + size;
}

static unsigned char *
put_unknown(unsigned char *out, PyObject *source)
{
    const unsigned char *at = (unsigned char *)PyBytes_AS_STRING(source);
    const unsigned char *end = at + PyBytes_GET_SIZE(source);
    Attribute one;
    while (next_attribute(&at, end, &one)) {
        if (place_of(one.code) == UNKNOWN && (one.flags & 0xc0) == 0xc0) {
            out = put_value(out, 0xe0, &one);
        }
    }
    return out;
}

/* FRR's order: by type, but that LARGE_COMMUNITIES stands behind COMMUNITIES. NULL if the path needs
   more care, or with an error. */
static unsigned char *
put_all(unsigned char *out, PyObject *source, const Attribute *found, const Changes *changes)
{
    if (found[ORIGIN].value == NULL || found[AS_PATH].value == NULL) {
        return NULL;
    }
    out = put_value(out, 0x40, &found[ORIGIN]);
    out = put_path(out, &found[AS_PATH], changes);
    if (out == NULL) {
        return NULL;
    }
    if (changes->hop_size != 0) {
        out = put(put_head(out, 0x40, 3, changes->hop_size, 0), changes->hop, changes->hop_size);
    }
    out = put_number(out, 0x80, 4, changes->med);
    out = out == NULL ? NULL : put_number(out, 0x40, 5, changes->local_pref);
    if (out == NULL) {
        return NULL;
    }
    out = put_value(out, 0x40, &found[ATOMIC]);
    out = put_value(out, 0xc0, &found[AGGREGATOR]);
    if (changes->kinds & STANDARD_KIND) {
        out = put_communities(out, &found[COMMUNITIES], 4, 0);
    }
    if (changes->kinds & LARGE_KIND) {
        out = put_communities(out, &found[LARGE], 12, 0);
    }
    out = put(out, changes->reflected, changes->reflected_size);
    if (changes->kinds & EXTENDED_KIND) {
        out = put_communities(out, &found[EXTENDED], 8, !(changes->kinds & NON_TRANSITIVE));
    }
    out = put_value(out, 0xc0, &found[OTC]);
    return found[UNKNOWN].value == NULL ? out : put_unknown(out, source);
}

static PyObject *
retell_bytes(PyObject *source, const Changes *changes)
{
    const unsigned char *at = (unsigned char *)PyBytes_AS_STRING(source);
    const unsigned char *end = at + PyBytes_GET_SIZE(source);
    Attribute found[PLACES] = {{0}}, one;
    while (next_attribute(&at, end, &one)) {
        unsigned place = place_of(one.code);
        if (place < PLACES && found[place].value == NULL) {
            found[place] = one;
        }
    }
    /* Beside what is put in: longer heads of the path and of communities in the making, MED,
       LOCAL_PREF, and the head of NEXT_HOP. */
    Py_ssize_t most = PyBytes_GET_SIZE(source) + 4 * changes->prepended + changes->hop_size +
                      changes->reflected_size + 64;
    PyObject *told = PyBytes_FromStringAndSize(NULL, most);
    if (told == NULL) {
        return NULL;
    }
    unsigned char *out = (unsigned char *)PyBytes_AS_STRING(told);
    unsigned char *stop = put_all(out, source, found, changes);
    if (stop == NULL) {
        Py_DECREF(told);
        return NULL;
    }
    _PyBytes_Resize(&told, stop - out);
    return told;
}

static PyObject *
retell(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count != 7 || !PyBytes_CheckExact(args[0]) || !PyBytes_CheckExact(args[1]) ||
        !PyBytes_CheckExact(args[2]) || !PyBytes_CheckExact(args[5])) {
        return pure_twin("retell", args, count);
    }
    long kinds = PyLong_AsLong(args[6]);
    if (kinds == -1 && PyErr_Occurred()) {
        return NULL;
    }
    const Changes changes = {
        .prepend = (unsigned char *)PyBytes_AS_STRING(args[1]),
        .prepended = PyBytes_GET_SIZE(args[1]) / 4,
        .hop = (unsigned char *)PyBytes_AS_STRING(args[2]),
        .hop_size = PyBytes_GET_SIZE(args[2]),
        .med = args[3],
        .local_pref = args[4],
        .reflected = (unsigned char *)PyBytes_AS_STRING(args[5]),
        .reflected_size = PyBytes_GET_SIZE(args[5]),
        .kinds = (unsigned)kinds,
    };
    PyObject *told = retell_bytes(args[0], &changes);
    if (told == NULL && !PyErr_Occurred()) {
        Py_RETURN_NONE;
    }
    return told;
}

PyMethodDef retell_methods[] = {
    {"retell", (PyCFunction)(void (*)(void))retell, METH_FASTCALL,
     "Received attributes as they go out."},
    {NULL, NULL, 0, NULL},
};
