/* Tables as lists of dicts, and what all loops over them do. */
#ifndef BGP_SPEED_SHARDS_H
#define BGP_SPEED_SHARDS_H

#include "store.h"

/* Borrowed references to the arguments that all loops have. */
struct shards {
    PyObject *list;   /* of dicts */
    PyObject *shift;  /* as a number of Python's, for keys of IPv6 */
    long bits;
};

static inline int
open_shards(struct shards *shards, PyObject *list, PyObject *shift)
{
    shards->list = list;
    shards->shift = shift;
    shards->bits = PyLong_AsLong(shift);
    if (shards->bits == -1 && PyErr_Occurred()) {
        return -1;
    }
    if (!PyList_CheckExact(list) || shards->bits < 0) {
        PyErr_SetString(PyExc_TypeError, "a table is a list of dicts");
        return -1;
    }
    return 0;
}

/* The place of a key among the shards; -1 with an error set. */
static inline Py_ssize_t
place_of(const struct shards *shards, PyObject *key)
{
    int overflow;
    long long value = PyLong_AsLongLongAndOverflow(key, &overflow);
    if (overflow) {
        PyObject *high = PyNumber_Rshift(key, shards->shift);
        if (high == NULL) {
            return -1;
        }
        value = PyLong_AsLongLong(high);
        Py_DECREF(high);
    }
    else if (shards->bits < 64) {
        value = value == -1 && PyErr_Occurred() ? -1 : value >> shards->bits;
    }
    else {
        value = value < 0 ? -1 : 0;
    }
    if (value < 0 || value >= PyList_GET_SIZE(shards->list)) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_IndexError, "no shard has this key");
        }
        return -1;
    }
    return (Py_ssize_t)value;
}

/* A dict, or Shard, of a list of as many as there are shards; borrowed. */
static inline PyObject *
dict_at(PyObject *list, Py_ssize_t place)
{
    int there = PyList_CheckExact(list) && place < PyList_GET_SIZE(list);
    PyObject *found = there ? PyList_GET_ITEM(list, place) : NULL;
    if (found == NULL || !is_store(found)) {
        PyErr_SetString(PyExc_TypeError, "a table is a list of dicts");
        return NULL;
    }
    return found;
}

/* The value that a dict has for a key, which `make(key)` gives where it has none; borrowed. */
static inline PyObject *
known_or_made(PyObject *known, PyObject *key, PyObject *make)
{
    PyObject *found = PyDict_GetItemWithError(known, key);
    if (found != NULL || PyErr_Occurred()) {
        return found;
    }
    found = PyObject_CallOneArg(make, key);
    if (found == NULL) {
        return NULL;
    }
    int failed = PyDict_SetItem(known, key, found);
    Py_DECREF(found);
    return failed < 0 ? NULL : found;
}

static inline int
wants(const char *name, Py_ssize_t count, Py_ssize_t wanted)
{
    if (count != wanted) {
        PyErr_Format(PyExc_TypeError, "%s takes %zd arguments, not %zd", name, wanted, count);
        return -1;
    }
    return 0;
}

#endif
