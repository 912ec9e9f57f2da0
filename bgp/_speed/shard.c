/* What Python sees of a shard: the methods of a dict that tables use. */
#include "store.h"

static PyObject *
made(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs))
{
    static PyObject *dest;
    int pairs = 0;
    if (!PyArg_ParseTuple(args, "|p", &pairs)) {
        return NULL;
    }
    if (dest == NULL) {
        if (ours(&dest, "bgp.rib.path", "Dest") == NULL ||
            prepare_stores((PyTypeObject *)dest) < 0) {
            return NULL;
        }
    }
    Shard *shard = (Shard *)type->tp_alloc(type, pairs ? CHOICES : 0);
    if (shard != NULL) {
        shard->stride = pairs ? 24 : 16;
    }
    return (PyObject *)shard;
}

static void
dealloc(Shard *shard)
{
    PyObject_GC_UnTrack(shard);
    shard_clear(shard);
    Py_TYPE(shard)->tp_free((PyObject *)shard);
}

static Py_ssize_t
length(Shard *shard)
{
    return shard->live;
}

static PyObject *
subscript(Shard *shard, PyObject *key)
{
    PyObject *found = shard_get(shard, key);
    if (found == NULL && !PyErr_Occurred()) {
        PyErr_SetObject(PyExc_KeyError, key);
    }
    return found;
}

static int
assign(Shard *shard, PyObject *key, PyObject *value)
{
    return value == NULL ? shard_delete(shard, key) : shard_set(shard, key, value);
}

static int
contains(Shard *shard, PyObject *key)
{
    PyObject *found = shard_get(shard, key);
    Py_XDECREF(found);
    return found != NULL ? 1 : PyErr_Occurred() ? -1 : 0;
}

static PyObject *
get(Shard *shard, PyObject *const *args, Py_ssize_t count)
{
    if (count < 1 || count > 2) {
        return PyErr_Format(PyExc_TypeError, "get takes 1 or 2 arguments, not %zd", count);
    }
    PyObject *found = shard_get(shard, args[0]);
    if (found != NULL || PyErr_Occurred()) {
        return found;
    }
    return Py_NewRef(count == 2 ? args[1] : Py_None);
}

/* --- lists of what is there ------------------------------------------------------------------- */

enum { KEYS = 1, VALUES = 2 };

static PyObject *
one_of(const Shard *shard, uint32_t number, uint64_t key, int what)
{
    if (what == KEYS) {
        return PyLong_FromUnsignedLongLong(key);
    }
    PyObject *value = shard_value(shard, number);
    if (value == NULL || what == VALUES) {
        return value;
    }
    return Py_BuildValue("KN", (unsigned long long)key, value);
}

static PyObject *
listed(Shard *shard, int what)
{
    PyObject *list = PyList_New(0);
    /* To make objects may run the collector, and that Python: the shard is looked at anew. */
    for (uint32_t number = 0; list != NULL && number < shard->used; number++) {
        uint64_t key;
        if (!shard_key(shard, number, &key)) {
            continue;
        }
        PyObject *one = one_of(shard, number, key, what);
        int failed = one == NULL || PyList_Append(list, one) < 0;
        Py_XDECREF(one);
        if (failed) {
            Py_CLEAR(list);
        }
    }
    return list;
}

static PyObject *
keys(Shard *shard, PyObject *Py_UNUSED(ignored))
{
    return listed(shard, KEYS);
}

static PyObject *
values(Shard *shard, PyObject *Py_UNUSED(ignored))
{
    return listed(shard, VALUES);
}

static PyObject *
items(Shard *shard, PyObject *Py_UNUSED(ignored))
{
    return listed(shard, KEYS | VALUES);
}

static PyObject *
iterated(PyObject *list)
{
    PyObject *iterator = list == NULL ? NULL : PyObject_GetIter(list);
    Py_XDECREF(list);
    return iterator;
}

static PyObject *
iter(Shard *shard)
{
    return iterated(listed(shard, KEYS));
}

static PyObject *
last_key(Shard *shard, PyObject *Py_UNUSED(ignored))
{
    for (uint32_t number = shard->used; number > 0; number--) {
        uint64_t key;
        if (shard_key(shard, number - 1, &key)) {
            return PyLong_FromUnsignedLongLong(key);
        }
    }
    return PyLong_FromLong(-1);
}

static PyObject *
size(Shard *shard, PyObject *Py_UNUSED(ignored))
{
    return PyLong_FromSize_t(shard_memory(shard));
}

static PyObject *
changes(Shard *shard, void *Py_UNUSED(closure))
{
    return PyLong_FromUnsignedLongLong(shard->changes);
}

static PyGetSetDef members[] = {
    {"changes", (getter)changes, NULL, "Another number after any change.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef methods[] = {
    {"__sizeof__", (PyCFunction)size, METH_NOARGS, "Bytes of memory."},
    {"get", (PyCFunction)(void (*)(void))get, METH_FASTCALL, "What a key has, or a default."},
    {"keys", (PyCFunction)keys, METH_NOARGS, "A list of the keys, in the order they came."},
    {"values", (PyCFunction)values, METH_NOARGS, "A list of what they have."},
    {"items", (PyCFunction)items, METH_NOARGS, "A list of both."},
    {"last", (PyCFunction)last_key, METH_NOARGS, "The key that came last; -1 if there is none."},
    {NULL, NULL, 0, NULL},
};

static PyMappingMethods as_mapping = {
    .mp_length = (lenfunc)length,
    .mp_subscript = (binaryfunc)subscript,
    .mp_ass_subscript = (objobjargproc)assign,
};

static PySequenceMethods as_sequence = {.sq_contains = (objobjproc)contains};

PyTypeObject Shard_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "bgp._speed.Shard",
    .tp_doc = "What stands for keys, in little memory.",
    .tp_basicsize = sizeof(Shard),
    .tp_itemsize = sizeof(struct choice_use),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_new = made,
    .tp_dealloc = (destructor)dealloc,
    .tp_traverse = (traverseproc)shard_traverse,
    .tp_clear = (inquiry)shard_clear,
    .tp_as_mapping = &as_mapping,
    .tp_as_sequence = &as_sequence,
    .tp_iter = (getiterfunc)iter,
    .tp_methods = methods,
    .tp_getset = members,
};
