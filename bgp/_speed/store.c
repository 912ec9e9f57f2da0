/* Shards of tables in little memory: twin of bgp.rib.shards.Shard.

   A dict takes some 60 bytes for a key and 32 for its number; this takes 16 and some 7, and with
   `pairs` 24 and 7 with up to two paths. Keys are numbers of less than 48 bits. */
#include "rows.h"

static PyTypeObject *dest_class;

/* --- what a row has --------------------------------------------------------------------------- */

/* The number of a choice from 1 on; 0 if there is no place for it. */
static unsigned
number_of(Shard *shard, PyObject *choice)
{
    int unused = -1;
    for (int i = 0; i < CHOICES; i++) {
        if (shard->choices[i].it == choice) {
            return (unsigned)i + 1;
        }
        if (shard->choices[i].it == NULL && unused < 0) {
            unused = i;
        }
    }
    if (unused >= 0) {
        shard->choices[unused].it = Py_NewRef(choice);
    }
    return (unsigned)(unused + 1);
}

static int
is_pair(const Shard *shard, PyObject *value)
{
    return shard->stride == sizeof(Row) && Py_IS_TYPE(value, dest_class) &&
           PyTuple_GET_SIZE(value) == 3;
}

/* A row of a key and a value, which it holds from now on. */
static Row
packed(Shard *shard, uint64_t key, PyObject *value)
{
    Row row = {key, value, NULL};
    if (is_pair(shard, value)) {
        unsigned kind = number_of(shard, PyTuple_GET_ITEM(value, 0));
        if (kind) {
            shard->choices[kind - 1].uses++;
            row.head |= (uint64_t)kind << KEY_BITS;
            row.first = Py_NewRef(PyTuple_GET_ITEM(value, 1));
            row.second = Py_NewRef(PyTuple_GET_ITEM(value, 2));
            return row;
        }
    }
    else if (PyLong_CheckExact(value)) {
        int overflow;
        long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
        if (!overflow) {
            row.head |= (uint64_t)NUMBER << KEY_BITS;
            row.first = (PyObject *)(intptr_t)number;
            return row;
        }
    }
    Py_INCREF(value);
    return row;
}

/* The row's value as a new reference. */
static PyObject *
unpacked(const Shard *shard, const Row *row)
{
    unsigned kind = kind_of(row->head);
    if (kind == OBJECT) {
        return Py_NewRef(row->first);
    }
    if (kind == NUMBER) {
        return PyLong_FromLongLong((intptr_t)row->first);
    }
    PyObject *parts[] = {shard->choices[kind - 1].it, row->first, row->second};
    for (int i = 0; i < 3; i++) {
        Py_INCREF(parts[i]); /* to make an object may run the collector, and that any Python */
    }
    PyObject *dest = dest_class->tp_alloc(dest_class, 3);
    for (int i = 0; i < 3; i++) {
        if (dest == NULL) {
            Py_DECREF(parts[i]);
        }
        else {
            PyTuple_SET_ITEM(dest, i, parts[i]);
        }
    }
    return dest;
}

/* Let go of what a row had that stands in the shard no more. That may run any Python. */
static void
release(Shard *shard, Row *row)
{
    unsigned kind = kind_of(row->head);
    if (kind == NUMBER) {
        return;
    }
    if (kind != OBJECT) {
        PyObject *choice = NULL;
        if (--shard->choices[kind - 1].uses == 0) {
            choice = shard->choices[kind - 1].it;
            shard->choices[kind - 1].it = NULL;
        }
        Py_XDECREF(choice);
        Py_DECREF(row->second);
    }
    Py_DECREF(row->first);
}

/* A copy of a row, whatever its width. */
static Row
copied(const Shard *shard, const Row *row)
{
    Row copy = {0, NULL, NULL};
    memcpy(&copy, row, shard->stride);
    return copy;
}

/* --- access ----------------------------------------------------------------------------------- */

/* The number of a key: 1; 0 for what can be no key here; -1 with an error set. */
static int
read_key(PyObject *key, uint64_t *number)
{
    if (!PyLong_Check(key)) {
        PyErr_SetString(PyExc_TypeError, "keys are numbers");
        return -1;
    }
    int overflow;
    long long value = PyLong_AsLongLongAndOverflow(key, &overflow);
    *number = (uint64_t)value;
    return !overflow && value >= 0 && *number < KEY_MASK;
}

PyObject *
shard_get(const Shard *shard, PyObject *key)
{
    uint64_t number;
    Row *row = read_key(key, &number) > 0 ? find_row(shard, number) : NULL;
    return row == NULL ? NULL : unpacked(shard, row);
}

int
shard_set(Shard *shard, PyObject *key, PyObject *value)
{
    uint64_t number;
    int known = read_key(key, &number);
    if (known <= 0) {
        if (known == 0) {
            PyErr_SetString(PyExc_OverflowError, "a key has less than 48 bits");
        }
        return -1;
    }
    Row new = packed(shard, number, value), *there = find_row(shard, number);
    shard->changes++;
    if (there == NULL) {
        int failed = append_row(shard, &new);
        if (failed) {
            release(shard, &new);
        }
        return failed;
    }
    Row old = copied(shard, there);
    memcpy(there, &new, shard->stride);
    release(shard, &old);
    return 0;
}

int
shard_delete(Shard *shard, PyObject *key)
{
    uint64_t number;
    Row *row = read_key(key, &number) > 0 ? find_row(shard, number) : NULL;
    if (row == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetObject(PyExc_KeyError, key);
        }
        return -1;
    }
    Row old = copied(shard, row);
    shard->changes++;
    drop_row(shard, row);
    release(shard, &old);
    return 0;
}

/* --- for shard.c ------------------------------------------------------------------------------ */

int
shard_key(const Shard *shard, uint32_t number, uint64_t *key)
{
    uint64_t head = row_at(shard, number)->head;
    *key = head & KEY_MASK;
    return head != GONE;
}

PyObject *
shard_value(const Shard *shard, uint32_t number)
{
    return unpacked(shard, row_at(shard, number));
}

int
shard_traverse(Shard *shard, visitproc visit, void *arg)
{
    for (uint32_t number = 0; number < shard->used; number++) {
        Row *row = row_at(shard, number);
        unsigned kind = kind_of(row->head);
        if (row->head != GONE && kind != NUMBER) {
            Py_VISIT(row->first);
            if (kind != OBJECT) {
                Py_VISIT(row->second);
            }
        }
    }
    for (int i = 0; shard->stride == sizeof(Row) && i < CHOICES; i++) {
        Py_VISIT(shard->choices[i].it);
    }
    return 0;
}

int
shard_clear(Shard *shard)
{
    /* Rows go one by one, as letting go of one may run Python that looks here. */
    while (shard->used) {
        Row *row = row_at(shard, --shard->used), old = copied(shard, row);
        shard->changes++;
        row->head = GONE;
        if (old.head != GONE) {
            shard->live--;
            release(shard, &old);
        }
    }
    free_rows(shard);
    return 0;
}

int
prepare_stores(PyTypeObject *dest)
{
    dest_class = (PyTypeObject *)Py_NewRef(dest);
    /* The interpreter's own keyed hash. */
    PyObject *word = PyUnicode_FromString("bgp._speed.Shard");
    if (word == NULL) {
        return -1;
    }
    seed_rows((uint64_t)PyObject_Hash(word) * 0x2545f4914f6cdd1du);
    Py_DECREF(word);
    return 0;
}
