/* Shards of tables: what stands for a key, in a dict or in a `Shard`. */
#ifndef BGP_SPEED_STORE_H
#define BGP_SPEED_STORE_H

#include "speed.h"

enum { CHOICES = 16 };

/* Keys and what they have, in the order in which the keys came. A row has the key, what it is
   (store.c) and one pointer; with `pairs` two. */
typedef struct {
    PyObject_VAR_HEAD
    char *rows;
    void *places; /* numbers of rows, from 1 on, by the hash of their keys; 0 for none */
    uint32_t room, used, live; /* rows that there is room for, with those that are gone, without */
    uint32_t mask;             /* the number of places less one, a power of two less one */
    uint32_t stride;           /* bytes of a row */
    uint64_t changes;          /* how often something was put there, or went */
    struct choice_use {
        PyObject *it;
        uint32_t uses;
    } choices[]; /* with `pairs`, CHOICES of them: what pairs of paths have in common */
} Shard;

/* store.c: the class of Dest, which it makes anew from what it keeps. */
LOCAL int prepare_stores(PyTypeObject *dest);

static inline int
is_store(PyObject *it)
{
    return PyDict_CheckExact(it) || Py_IS_TYPE(it, &Shard_type);
}

LOCAL PyObject *shard_get(const Shard *shard, PyObject *key);
LOCAL int shard_set(Shard *shard, PyObject *key, PyObject *value);
LOCAL int shard_delete(Shard *shard, PyObject *key);

/* What a dict or a Shard has for a key: a new reference; NULL, maybe with an error set. */
static inline PyObject *
store_get(PyObject *store, PyObject *key)
{
    if (PyDict_CheckExact(store)) {
        PyObject *found = PyDict_GetItemWithError(store, key);
        return Py_XNewRef(found);
    }
    return shard_get((Shard *)store, key);
}

static inline int
store_set(PyObject *store, PyObject *key, PyObject *value)
{
    return PyDict_CheckExact(store) ? PyDict_SetItem(store, key, value)
                                    : shard_set((Shard *)store, key, value);
}

static inline int
store_delete(PyObject *store, PyObject *key)
{
    return PyDict_CheckExact(store) ? PyDict_DelItem(store, key)
                                    : shard_delete((Shard *)store, key);
}

/* The key of a row; 0 if that is gone. */
LOCAL int shard_key(const Shard *shard, uint32_t number, uint64_t *key);

/* What a row has that is not gone; a new reference. */
LOCAL PyObject *shard_value(const Shard *shard, uint32_t number);

/* Bytes in use. */
LOCAL size_t shard_memory(const Shard *shard);

LOCAL int shard_traverse(Shard *shard, visitproc visit, void *arg);
LOCAL int shard_clear(Shard *shard);

#endif
