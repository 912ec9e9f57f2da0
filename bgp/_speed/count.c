/* Nodes of FRR's tree of prefixes: twin of a function of bgp.show.build.trees. */
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

PyMethodDef count_methods[] = {
    {"nodes_of", nodes_of, METH_O, "Nodes of FRR's tree of a shard's keys."},
    {NULL, NULL, 0, NULL},
};
