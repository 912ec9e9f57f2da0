/* The decision: twin of the function of bgp.rib.ranking that finds the best ranked paths. */
#include "speed.h"

enum { SERIAL_BITS = 20 };

static PyObject *names[3]; /* nexthop, valid, rank */

/* Whether the next hop of a path resolves: 1 or 0, -1 with an error set. */
static int
is_valid(PyObject *path)
{
    PyObject *nexthop = PyObject_GetAttr(path, names[0]);
    if (nexthop == NULL || nexthop == Py_None) {
        Py_XDECREF(nexthop);
        return nexthop == NULL ? -1 : 1;
    }
    PyObject *answer = PyObject_GetAttr(nexthop, names[1]);
    Py_DECREF(nexthop);
    int valid = answer == NULL ? -1 : PyObject_IsTrue(answer);
    Py_XDECREF(answer);
    return valid;
}

/* Whether a number ends in the serial. */
static int
is_known(PyObject *rank, unsigned long long serial)
{
    unsigned long long low = PyLong_AsUnsignedLongLongMask(rank);
    return (low & ((1ULL << SERIAL_BITS) - 1)) == serial;
}

/* The rank of a path as a new reference. */
static PyObject *
rank_by(PyObject *path, unsigned long long serial, PyObject *rank_of)
{
    PyObject *rank = PyObject_GetAttr(path, names[2]);
    if (rank == NULL || (PyLong_CheckExact(rank) && is_known(rank, serial))) {
        return rank;
    }
    Py_DECREF(rank);
    return PyErr_Occurred() ? NULL : PyObject_CallOneArg(rank_of, path);
}

/* Take a path into the list if it ranks with the best ones until now; it empties for a better. */
static int
weigh(PyObject *found, PyObject **least, PyObject *path, PyObject *rank)
{
    int better = *least == NULL ? 1 : PyObject_RichCompareBool(rank, *least, Py_LT);
    if (better < 0) {
        return -1;
    }
    if (better) {
        Py_XSETREF(*least, Py_NewRef(rank));
        if (PyList_SetSlice(found, 0, PyList_GET_SIZE(found), NULL) < 0) {
            return -1;
        }
        return PyList_Append(found, path);
    }
    int same = PyObject_RichCompareBool(rank, *least, Py_EQ);
    return same > 0 ? PyList_Append(found, path) : same;
}

/* The same for a path that came: invalid ones are passed over, the first is not asked its rank. */
static int
look_at(PyObject *found, PyObject **least, PyObject *path, unsigned long long serial,
        PyObject *rank_of)
{
    PyObject *rank = rank_by(path, serial, rank_of);
    int failed = rank == NULL || weigh(found, least, path, rank) < 0;
    Py_XDECREF(rank);
    return failed ? -1 : 0;
}

static PyObject *
leading(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count != 3) {
        return PyErr_Format(PyExc_TypeError, "leading takes 3 arguments, not %zd", count);
    }
    unsigned long long serial = PyLong_AsUnsignedLongLong(args[1]);
    PyObject *paths = PyErr_Occurred() ? NULL : PySequence_Fast(args[0], "paths are a sequence");
    PyObject *valid = PyList_New(0), *found = PyList_New(0), *least = NULL;
    int failed = paths == NULL || valid == NULL || found == NULL;
    for (Py_ssize_t i = 0; !failed && i < PySequence_Fast_GET_SIZE(paths); i++) {
        PyObject *path = PySequence_Fast_GET_ITEM(paths, i);
        int counts = is_valid(path);
        failed = counts < 0 || (counts && PyList_Append(valid, path) < 0);
    }
    Py_XDECREF(paths);
    if (!failed && PyList_GET_SIZE(valid) < 2) {
        Py_DECREF(found);
        return valid;
    }
    for (Py_ssize_t i = 0; !failed && i < PyList_GET_SIZE(valid); i++) {
        failed = look_at(found, &least, PyList_GET_ITEM(valid, i), serial, args[2]) < 0;
    }
    Py_XDECREF(valid);
    Py_XDECREF(least);
    if (failed) {
        Py_CLEAR(found);
    }
    return found;
}

int
prepare_ranks(void)
{
    static const char *const words[] = {"nexthop", "valid", "rank"};
    for (int i = 0; i < 3; i++) {
        names[i] = PyUnicode_InternFromString(words[i]);
        if (names[i] == NULL) {
            return -1;
        }
    }
    return 0;
}

PyMethodDef rank_methods[] = {
    {"leading", (PyCFunction)(void (*)(void))leading, METH_FASTCALL,
     "The valid paths with the lowest rank."},
    {NULL, NULL, 0, NULL},
};
