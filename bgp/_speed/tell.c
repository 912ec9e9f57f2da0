/* Update-groups: twin of the loop of bgp.rib.loops that notes what has to be told. */
#include "entries.h"
#include "shards.h"

/* The arguments of `tell`, borrowed. */
struct telling {
    PyObject *advertised, *outcomes, *by_value, *withdrawn, *outcome_of;
    Py_ssize_t size, lost;
};

static int
announce_key(struct telling *telling, PyObject *key, PyObject *value)
{
    PyObject *same = PyDict_GetItemWithError(telling->by_value, value);
    telling->size++;
    if (same != NULL) {
        return PyList_Append(same, key);
    }
    if (PyErr_Occurred()) {
        return -1;
    }
    same = PyList_New(1);
    if (same == NULL) {
        return -1;
    }
    PyList_SET_ITEM(same, 0, Py_NewRef(key));
    int failed = PyDict_SetItem(telling->by_value, value, same);
    Py_DECREF(same);
    return failed;
}

/* A prefix that was told `old`, or nothing (NULL), is to be told a value, or nothing (None). */
static int
tell_value(struct telling *telling, PyObject *told, PyObject *key, PyObject *old, PyObject *value)
{
    if (value == Py_None) {
        if (old == NULL) {
            return 0;
        }
        telling->lost++;
        return store_delete(told, key) < 0 ? -1 : PyList_Append(telling->withdrawn, key);
    }
    if (old == value) {
        return 0;
    }
    telling->lost += old != NULL;
    return store_set(told, key, value) < 0 ? -1 : announce_key(telling, key, value);
}

static int
tell_key(struct telling *telling, const struct shards *shards, PyObject *key)
{
    Py_ssize_t place = place_of(shards, key);
    PyObject *shard = place < 0 ? NULL : dict_at(shards->list, place);
    PyObject *told = shard == NULL ? NULL : dict_at(telling->advertised, place);
    if (told == NULL) {
        return -1;
    }
    PyObject *entry = store_get(shard, key), *value = Py_None;
    if (entry != NULL) {
        /* Entries with the same best path come to the same. */
        PyObject *best = best_path(entry, 0);
        PyObject *one = best == NULL || best == Py_None || !is_whole(best) || is_usable(best) != 1
                            ? entry
                            : best;
        value = known_or_made(telling->outcomes, one, telling->outcome_of);
        Py_DECREF(entry);
    }
    if (value == NULL || PyErr_Occurred()) {
        return -1;
    }
    PyObject *old = store_get(told, key);
    if (old == NULL && PyErr_Occurred()) {
        return -1;
    }
    int failed = tell_value(telling, told, key, old, value);
    Py_XDECREF(old);
    return failed;
}
static PyObject *
tell(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    struct shards shards;
    if (wants("tell", count, 8) < 0 || open_shards(&shards, args[1], args[2]) < 0) {
        return NULL;
    }
    struct telling telling = {args[3], args[4], args[5], args[6], args[7], 0, 0};
    if (!PyList_CheckExact(telling.advertised) || !PyDict_CheckExact(telling.outcomes) ||
        !PyDict_CheckExact(telling.by_value) || !PyList_CheckExact(telling.withdrawn)) {
        PyErr_SetString(PyExc_TypeError, "tell wants lists and dicts");
        return NULL;
    }
    PyObject *keys = PySequence_Fast(args[0], "keys are a sequence");
    int failed = keys == NULL;
    for (Py_ssize_t i = 0; !failed && i < PySequence_Fast_GET_SIZE(keys); i++) {
        failed = tell_key(&telling, &shards, PySequence_Fast_GET_ITEM(keys, i)) < 0;
    }
    Py_XDECREF(keys);
    return failed ? NULL : Py_BuildValue("nn", telling.size, telling.lost);
}

PyMethodDef tell_methods[] = {
    {"tell", (PyCFunction)(void (*)(void))tell, METH_FASTCALL,
     "Note what has to be told of some prefixes."},
    {NULL, NULL, 0, NULL},
};
