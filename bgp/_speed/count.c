/* Shards in the order of their keys: twins of functions that shows use. */
#include "rows.h"

static int
by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

enum { TOP = 6 + 32 }; /* bits of a key of IPv4 */

/* Where two keys part that follow each other, unless the first one covers the other. */
static int
part(uint64_t key, uint64_t next, uint64_t *place)
{
    int split = 64 - __builtin_clzll(key ^ next);
    *place = (key >> split << split) | (uint64_t)(TOP - split);
    return split > TOP - (int)(key & 63);
}

static size_t
count_nodes(const Shard *shard, const uint64_t *keys, size_t count)
{
    size_t nodes = count;
    for (size_t i = 1; i < count; i++) {
        uint64_t place;
        nodes += part(keys[i - 1], keys[i], &place) && find_row(shard, place) == NULL;
    }
    return nodes;
}

static PyObject *
nodes_of(PyObject *Py_UNUSED(module), PyObject *store)
{
    const Shard *shard = (Shard *)store;
    if (!Py_IS_TYPE(store, &Shard_type) || shard->live == 0) {
        return pure_twin("nodes_of", &store, 1);
    }
    uint64_t *keys = PyMem_New(uint64_t, (size_t)shard->used + 1);
    size_t count = 0;
    if (keys == NULL) {
        return PyErr_NoMemory();
    }
    for (uint32_t number = 0; number < shard->used; number++) {
        count += (size_t)shard_key(shard, number, &keys[count]);
    }
    qsort(keys, count, sizeof *keys, by_number);
    PyObject *found;
    if (keys[count - 1] >> TOP) {
        found = pure_twin("nodes_of", &store, 1);
    }
    else {
        found = Py_BuildValue("nKK", (Py_ssize_t)count_nodes(shard, keys, count),
                              (unsigned long long)keys[0], (unsigned long long)keys[count - 1]);
    }
    PyMem_Free(keys);
    return found;
}

/* --- all of a shard --------------------------------------------------------------------------- */

typedef struct {
    uint64_t key;
    uint32_t number;
} Place;

static int
by_key(const void *left, const void *right)
{
    uint64_t a = ((const Place *)left)->key, b = ((const Place *)right)->key;
    return (a > b) - (a < b);
}

/* Fill the lists; to make objects may run the collector, and that Python: 0 if the shard is no
   longer what it was, -1 with an error set. */
static int
fill(const Shard *shard, const Place *places, Py_ssize_t count, PyObject *keys, PyObject *values)
{
    uint64_t changes = shard->changes;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *key = PyLong_FromUnsignedLongLong(places[i].key);
        if (key == NULL) {
            return -1;
        }
        PyList_SET_ITEM(keys, i, key);
        if (shard->changes != changes) {
            return 0;
        }
        PyObject *value = shard_value(shard, places[i].number);
        if (value == NULL) {
            return -1;
        }
        PyList_SET_ITEM(values, i, value);
    }
    return shard->changes == changes;
}

static PyObject *
ordered(PyObject *Py_UNUSED(module), PyObject *store)
{
    const Shard *shard = (Shard *)store;
    if (!Py_IS_TYPE(store, &Shard_type)) {
        return pure_twin("ordered", &store, 1);
    }
    Py_ssize_t count = 0;
    Place *places = PyMem_New(Place, (size_t)shard->live + 1);
    PyObject *keys = PyList_New(shard->live), *values = PyList_New(shard->live);
    int filled = places == NULL || keys == NULL || values == NULL ? -1 : 1;
    if (filled > 0 && PyList_GET_SIZE(keys) == shard->live &&
        PyList_GET_SIZE(values) == shard->live) {
        for (uint32_t number = 0; number < shard->used; number++) {
            places[count].number = number;
            count += shard_key(shard, number, &places[count].key);
        }
        qsort(places, (size_t)count, sizeof *places, by_key);
        filled = fill(shard, places, count, keys, values);
    }
    else if (filled > 0) {
        filled = 0;
    }
    PyMem_Free(places);
    PyObject *both = filled > 0 ? PyTuple_Pack(2, keys, values) : NULL;
    Py_XDECREF(keys);
    Py_XDECREF(values);
    if (filled == 0) {
        return pure_twin("ordered", &store, 1);
    }
    return both == NULL && !PyErr_Occurred() ? PyErr_NoMemory() : both;
}

PyMethodDef count_methods[] = {
    {"nodes_of", nodes_of, METH_O, "Nodes of FRR's tree of a shard's keys."},
    {"ordered", ordered, METH_O, "The keys of a shard in order, and what they have."},
    {NULL, NULL, 0, NULL},
};
